package dev.tidemark.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of docs/adr/0011 upon the events of one person (or session) in memory; {@link FunnelAttempts} has the same in SQL. Each attempt is
 * walked moment by moment; where nothing can end one and each event serves one step, all are found in one walk backwards. Thread-safe.
 */
final class FunnelCounter {
    private final FunnelQuestion question;
    private final int steps;
    private final long window;
    private final boolean anyOrder;
    private final boolean strict;
    private final boolean firstOnly;
    private final boolean totals;
    private final boolean chained;

    FunnelCounter(FunnelQuestion question) {
        this.question = question;
        this.steps = question.steps().size();
        this.window = question.window().toMillis();
        this.anyOrder = question.inAnyOrder();
        this.strict = question.order() == FunnelQuestion.Order.STRICT;
        this.firstOnly = question.entry() == FunnelQuestion.Entry.FIRST_ENTRY;
        this.totals = question.counting() == FunnelQuestion.Counting.TOTALS;
        this.chained = question.order() == FunnelQuestion.Order.ORDERED
                && question.exclusions().isEmpty()
                && question.hasDisjointSteps();
    }

    /**
     * One try.
     *
     * @param times when each step was done that counts, Unix milliseconds
     * @param freeFrom when the next may begin, where all are counted
     * @param text of the breakdown; null for none
     */
    record Attempt(
            List<Long> times, long freeFrom, @Nullable String text) {
        int level() {
            return times.size();
        }
    }

    /**
     * Those that count.
     *
     * @param events in the order of their times
     * @param start of the range in which attempts begin
     */
    List<Attempt> attempts(List<FunnelEvent> events, long start, long end) {
        List<Attempt> counted = new ArrayList<>();
        Attempt best = null;
        long freeFrom = Long.MIN_VALUE;
        Map<Long, long[]> chains = chained ? chains(events) : Map.of();
        int next;
        for (int at = 0; at < events.size() && events.get(at).millis() < end; at = next) {
            long moment = events.get(at).millis();
            next = endOfMoment(events, at);
            if (moment < start || moment < freeFrom || !begins(events, at, next)) {
                continue;
            }
            long[] chain = chains.get(moment);
            Attempt attempt = chain == null ? attempt(events, at) : attempt(events, at, chain);
            if (totals) {
                counted.add(attempt);
                freeFrom = attempt.freeFrom();
            } else if (best == null || attempt.level() > best.level()) {
                best = attempt;
            }
            if (firstOnly || (best != null && best.level() == steps)) {
                break;
            }
        }
        if (best != null) {
            counted.add(best);
        }
        return counted;
    }

    private static int endOfMoment(List<FunnelEvent> events, int at) {
        int end = at + 1;
        while (end < events.size() && events.get(end).millis() == events.get(at).millis()) {
            end++;
        }
        return end;
    }

    private boolean begins(List<FunnelEvent> events, int from, int to) {
        for (int i = from; i < to; i++) {
            if ((events.get(i).steps() & (anyOrder ? -1 : 1)) != 0) {
                return true;
            }
        }
        return false;
    }

    /** By the moment of an entry, when each step is done at the earliest that follows, as far as there are any. */
    private Map<Long, long[]> chains(List<FunnelEvent> events) {
        Map<Long, long[]> chains = new HashMap<>();
        long[][] nearest = new long[steps + 1][0];
        int from;
        for (int to = events.size(); to > 0; to = from) {
            long moment = events.get(to - 1).millis();
            int served = 0;
            for (from = to; from > 0 && events.get(from - 1).millis() == moment; from--) {
                served |= events.get(from - 1).steps();
            }
            // From the last step down, as those of one moment are taken in the order of the steps.
            for (int step = steps - 1; step >= 0; step--) {
                if ((served & 1 << step) != 0) {
                    long[] rest = nearest[step + 1];
                    long[] chain = new long[rest.length + 1];
                    chain[0] = moment;
                    System.arraycopy(rest, 0, chain, 1, rest.length);
                    nearest[step] = chain;
                }
            }
            if ((served & 1) != 0) {
                chains.put(moment, nearest[0]);
            }
        }
        return chains;
    }

    private Attempt attempt(List<FunnelEvent> events, int first, long[] chain) {
        long limit = chain[0] + window;
        List<Long> times = new ArrayList<>(chain.length);
        for (long time : chain) {
            if (time <= limit) {
                times.add(time);
            }
        }
        long freeFrom = times.size() == steps ? times.getLast() + 1 : limit + 1;
        return new Attempt(List.copyOf(times), freeFrom, text(events, first, times));
    }

    /** The attempt that begins at the moment of an event, the first of its moment. */
    private Attempt attempt(List<FunnelEvent> events, int first) {
        long entry = events.get(first).millis();
        long limit = entry + window;
        List<Long> times = new ArrayList<>(steps);
        Matching done = new Matching(steps);
        long freeFrom = limit + 1;
        int next;
        for (int at = first; at < events.size() && events.get(at).millis() <= limit; at = next) {
            long moment = events.get(at).millis();
            next = endOfMoment(events, at);
            int before = times.size();
            int level = anyOrder ? grown(done, events, at, next) : climbed(events, at, next, before);
            int ended = ended(events, at, next, before, level);
            if (ended <= before) {
                times = times.subList(0, ended);
                freeFrom = moment;
                break;
            }
            while (times.size() < level) {
                times.add(moment);
            }
            if (level == steps) {
                freeFrom = moment + 1;
                break;
            }
        }
        return new Attempt(List.copyOf(times), freeFrom, text(events, first, times));
    }

    private static int grown(Matching done, List<FunnelEvent> events, int from, int to) {
        for (int i = from; i < to; i++) {
            done.add(events.get(i).steps());
        }
        return done.size();
    }

    /** How far the events of one moment lead from a level, each serving one step. */
    private int climbed(List<FunnelEvent> events, int from, int to, int level) {
        if (to - from == 1) {
            return level < steps && (events.get(from).steps() & 1 << level) != 0 ? level + 1 : level;
        }
        Climb climb = new Climb(events.subList(from, to));
        int reached = level;
        while (reached < steps && climb.serves(reached)) {
            reached++;
        }
        return reached;
    }

    /** With how many steps the attempt ends at a moment that led it from one level to another; more than before where it goes on. */
    private int ended(List<FunnelEvent> events, int from, int to, int before, int level) {
        int ended = Integer.MAX_VALUE;
        for (int i = from; i < to; i++) {
            int exclusions = events.get(i).exclusions();
            for (int bit = 0; exclusions >>> bit != 0; bit++) {
                if ((exclusions & 1 << bit) != 0) {
                    FunnelQuestion.Exclusion exclusion = question.exclusions().get(bit);
                    boolean between = before >= exclusion.from() && level < exclusion.to();
                    ended = between ? Math.min(ended, exclusion.from()) : ended;
                }
            }
        }
        return strict && before > 0 && level == before ? Math.min(ended, level) : ended;
    }

    private @Nullable String text(List<FunnelEvent> events, int first, List<Long> times) {
        FunnelQuestion.Split split = question.split();
        if (split == null) {
            return null;
        }
        int step = switch (split.at()) {
            case FunnelQuestion.Split.At.Step at -> at.number();
            case FunnelQuestion.Split.At.Last _ -> times.size();
        };
        if (step > times.size()) {
            return null;
        }
        long moment = times.get(step - 1);
        String least = null;
        for (int i = first; i < events.size() && events.get(i).millis() <= moment; i++) {
            FunnelEvent event = events.get(i);
            boolean serves = (event.steps() & (anyOrder ? -1 : 1 << (step - 1))) != 0;
            String text = event.text();
            if (event.millis() == moment
                    && serves
                    && text != null
                    && (least == null || FoldOrder.BY_BYTES.compare(text, least) < 0)) {
                least = text;
            }
        }
        return least;
    }

    /** Which event serves which step, as many as there can be; grows along alternating paths (Kuhn 1955). */
    private static final class Matching {
        private final int[] servers;
        private int size;

        Matching(int steps) {
            servers = new int[steps];
        }

        int size() {
            return size;
        }

        /** Adds an event that can serve some steps, given as bits. */
        void add(int able) {
            boolean gained = able != 0 && size < servers.length && settles(able, new boolean[servers.length]);
            size += gained ? 1 : 0;
        }

        private boolean settles(int able, boolean[] tried) {
            for (int step = 0; step < servers.length; step++) {
                if ((able & 1 << step) != 0 && !tried[step]) {
                    tried[step] = true;
                    if (servers[step] == 0 || settles(servers[step], tried)) {
                        servers[step] = able;
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /** The same step by step among the events of one moment, where no step may be left out. */
    private static final class Climb {
        private final List<FunnelEvent> events;
        private final int[] served;

        Climb(List<FunnelEvent> events) {
            this.events = events;
            this.served = new int[events.size()];
            Arrays.fill(served, -1);
        }

        boolean serves(int step) {
            return settles(step, new boolean[served.length]);
        }

        private boolean settles(int step, boolean[] tried) {
            for (int i = 0; i < served.length; i++) {
                if ((events.get(i).steps() & 1 << step) != 0 && !tried[i]) {
                    tried[i] = true;
                    if (served[i] < 0 || settles(served[i], tried)) {
                        served[i] = step;
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
