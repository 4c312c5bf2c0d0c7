package dev.tidemark.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is shown of walks away from an anchor: the most common whole paths, and the links of each step between its most common names.
 * The same as {@link PathsRows#ranked} has the engine do where there are too many walks to hand over.
 */
final class PathsRanking {
    private static final Comparator<Part> LARGEST_FIRST =
            Comparator.comparingLong(Part::people).reversed().thenComparing(Part::names, PathsRanking::compare);

    private final int steps;
    private final int limit;
    private final int other;

    /**
     * Of walks of numbered names.
     *
     * @param limit how many paths, and names of a step
     * @param other the number of all names that are not told apart; absence has the next
     */
    PathsRanking(int steps, int limit, int other) {
        this.steps = steps;
        this.limit = limit;
        this.other = other;
    }

    /**
     * People that went a part of a way.
     *
     * @param step 0 for a whole path, else that of a link, of which one name alone is of those who ended there
     */
    record Part(int step, List<Integer> names, long people) {}

    /** People that went the same way from an anchor, which is the first name. */
    record Walk(List<Integer> names, long people) {}

    /** Paths first, then links, each the largest first. */
    List<Part> shown(List<Walk> walks) {
        List<Part> shown = new ArrayList<>(sums(wholes(walks), 0));
        shown.sort(LARGEST_FIRST);
        shown = new ArrayList<>(shown.subList(0, Math.min(limit, shown.size())));
        for (int step = 1; step <= steps; step++) {
            List<Part> links = sums(links(walks, step), step);
            Set<Integer> from = most(links, 0);
            Set<Integer> to = most(links, 1);
            List<Walk> folded = new ArrayList<>();
            for (Part link : links) {
                List<Integer> names = new ArrayList<>();
                for (int place = 0; place < link.names.size(); place++) {
                    int name = link.names.get(place);
                    names.add(name >= other || (place == 0 ? from : to).contains(name) ? name : other);
                }
                folded.add(new Walk(names, link.people));
            }
            List<Part> ofStep = sums(folded, step);
            ofStep.sort(LARGEST_FIRST);
            shown.addAll(ofStep);
        }
        return shown;
    }

    private List<Walk> wholes(List<Walk> walks) {
        return walks.stream()
                .filter(walk -> walk.names.size() > steps)
                .map(walk -> new Walk(walk.names.subList(1, steps + 1), walk.people))
                .toList();
    }

    private static List<Walk> links(List<Walk> walks, int step) {
        return walks.stream()
                .filter(walk -> walk.names.size() >= step)
                .map(walk -> new Walk(walk.names.subList(step - 1, Math.min(step + 1, walk.names.size())), walk.people))
                .toList();
    }

    private static List<Part> sums(List<Walk> walks, int step) {
        Map<List<Integer>, Long> sums = new HashMap<>();
        walks.forEach(walk -> sums.merge(walk.names, walk.people, Long::sum));
        List<Part> parts = new ArrayList<>();
        sums.forEach((names, people) -> parts.add(new Part(step, names, people)));
        return parts;
    }

    /** The most common names of those that are told apart, at a place of the links. */
    private Set<Integer> most(List<Part> links, int place) {
        Map<Integer, Long> people = new HashMap<>();
        for (Part link : links) {
            if (link.names.size() > place && link.names.get(place) < other) {
                people.merge(link.names.get(place), link.people, Long::sum);
            }
        }
        Set<Integer> most = new HashSet<>();
        people.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .forEach(entry -> most.add(entry.getKey()));
        return most;
    }

    private static int compare(List<Integer> left, List<Integer> right) {
        return Arrays.compare(
                left.stream().mapToInt(Integer::intValue).toArray(),
                right.stream().mapToInt(Integer::intValue).toArray());
    }
}
