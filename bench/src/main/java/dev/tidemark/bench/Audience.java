package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All viewers of all dashboards, on a few threads; those of one dashboard on the same. */
final class Audience implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int SHOWN = 10;
    private static final int SHOWN_DIFFERENCES = 3;

    private final TimeSource time;
    private final List<Watched> watched = new ArrayList<>();
    private final List<ViewerLoop> loops = new ArrayList<>();

    private record Watched(Dashboard dashboard, Pictures pictures, ViewerLoop loop) {}

    Audience(List<Dashboard> dashboards, LiveBench.Load load, TimeSource time) throws IOException {
        this.time = time;
        int threads = load.viewerThreads();
        for (int i = 0; i < threads; i++) {
            loops.add(new ViewerLoop(time, load.address(), Math.max(1, load.opening() / threads)));
        }
        for (Dashboard dashboard : dashboards) {
            int number = dashboard.number();
            int viewers = load.viewers() / dashboards.size() + (number < load.viewers() % dashboards.size() ? 1 : 0);
            Watched each = new Watched(dashboard, new Pictures(), loops.get(number % threads));
            watched.add(each);
            each.loop.add(dashboard, each.pictures, viewers);
        }
    }

    void start() {
        loops.forEach(ViewerLoop::start);
    }

    /** Viewers that have no picture yet. */
    int opening() {
        return count(StreamViewer.State.WAITING) + count(StreamViewer.State.OPENING);
    }

    int live() {
        return count(StreamViewer.State.LIVE);
    }

    private int count(StreamViewer.State state) {
        return loops.stream().mapToInt(loop -> loop.count(state)).sum();
    }

    void openWindow(long atNanos) {
        loops.forEach(loop -> loop.openWindow(atNanos));
    }

    void closeWindow(long atNanos) {
        loops.forEach(loop -> loop.closeWindow(atNanos));
    }

    ViewerTally tally() {
        ViewerTally all = new ViewerTally();
        loops.forEach(loop -> loop.tellTo(all));
        return all;
    }

    /** Waits until every live viewer's picture counts exactly what was acknowledged; the first dashboards that still do not. */
    List<String> awaitCurrent(Duration atMost) throws InterruptedException {
        long deadline = time.nanos() + atMost.toNanos();
        while (true) {
            List<String> behind = new ArrayList<>();
            loops.forEach(loop -> behind.addAll(loop.notCurrent()));
            if (behind.isEmpty()) {
                return List.of();
            }
            if (time.nanos() > deadline) {
                return behind.stream()
                        .distinct()
                        .limit(SHOWN)
                        .map(each -> "after " + atMost.toSeconds() + " s the picture of " + each)
                        .toList();
            }
            time.sleep(POLL);
        }
    }

    /** How many widgets are kept up to date in which manner, as the streams say. */
    Map<String, Integer> modes() {
        Map<String, Integer> modes = new TreeMap<>();
        for (ViewerLoop loop : loops) {
            loop.ask(() -> {
                watched.stream().filter(each -> each.loop == loop).forEach(each -> each.pictures.countModes(modes));
                return true;
            });
        }
        return modes;
    }

    /** How many widgets are not yet kept up to date as they are going to be. */
    int starting() {
        return modes().entrySet().stream()
                .filter(mode -> mode.getKey().endsWith("starting"))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /**
     * Compares the newest pictures of some dashboards, evenly chosen, with what a plain request with the same token answers. A picture
     * may take a moment to follow what time alone moves. Dashboards that nobody watches any more are left out.
     */
    List<String> compare(String url, int count, Duration atMost) throws IOException, InterruptedException {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Watched each = watched.get((int) ((long) (i + 1) * watched.size() / count) - 1);
            if (!each.loop.isWatched(each.dashboard) || differences.size() == SHOWN_DIFFERENCES) {
                continue;
            }
            String difference = compare(url, each, time.nanos() + atMost.toNanos());
            if (!difference.isEmpty()) {
                differences.add(difference);
            }
        }
        return differences;
    }

    private String compare(String url, Watched each, long deadline) throws IOException, InterruptedException {
        try (TidemarkClient client = new TidemarkClient(url, each.dashboard.token())) {
            while (true) {
                TidemarkClient.Answer answer = client.call("GET", each.dashboard.path(), "");
                JsonNode asked = answer.json();
                JsonNode shown = each.loop.ask(() -> copyOfNewest(each.pictures));
                if (answer.status() == 200 && Likeness.same(asked, shown)) {
                    return "";
                }
                if (time.nanos() > deadline) {
                    return each.dashboard.kind() + " " + each.dashboard.number() + " differs from a plain request: "
                            + Likeness.firstDifference(asked, shown);
                }
                time.sleep(POLL);
            }
        }
    }

    private static JsonNode copyOfNewest(Pictures pictures) {
        Picture newest = pictures.newest();
        if (newest == null || newest.report == null) {
            throw new IllegalStateException("there is no picture");
        }
        return newest.report.deepCopy();
    }

    @Override
    public void close() throws IOException {
        for (ViewerLoop loop : loops) {
            loop.close();
        }
    }
}
