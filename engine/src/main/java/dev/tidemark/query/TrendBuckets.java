package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.KeptBuckets.Kept;
import dev.tidemark.query.KeptBuckets.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a trend's buckets: what is kept and still right, and a statement for each run of the others. */
final class TrendBuckets {
    /** Every statement costs some milliseconds, so that it does not pay to have many. */
    private static final int MOST_RUNS = 4;

    private final TenantId tenant;
    private final TrendQuestion question;
    private final Planner planner;
    private final TrendScan scan;
    private final @Nullable KeptBuckets kept;
    private final String shape;
    private final StatementLog log;

    TrendBuckets(
            TenantId tenant,
            TrendQuestion question,
            TopValues top,
            Planner planner,
            @Nullable KeptBuckets kept,
            StatementLog log) {
        this.tenant = tenant;
        this.question = question;
        this.planner = planner;
        this.scan = new TrendScan(log, tenant, question, top);
        this.kept = kept;
        this.shape = kept == null ? "" : kept.named(tenant, CanonicalForm.trendShape(question, top));
        this.log = log;
    }

    /**
     * The values of the measures by line, for each bucket.
     *
     * @param horizon of the buckets
     */
    List<Map<Integer, List<@Nullable Double>>> values(Buckets buckets, Horizon horizon) {
        if (kept == null) {
            log.buckets(buckets.size(), 0);
            return counted(buckets, horizon);
        }
        List<@Nullable Kept> found = new ArrayList<>();
        Map<Span, Kept> known = kept.find(tenant, shape);
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            Span span = span(buckets, bucket);
            Kept candidate = known.get(span);
            found.add(candidate != null && kept.isRight(tenant, span, candidate.position()) ? candidate : null);
        }
        int missing = Collections.frequency(found, null);
        log.buckets(buckets.size(), buckets.size() - missing);
        if (missing > 0) {
            long position = kept.position(tenant);
            for (Run run : runs(found)) {
                Buckets part = buckets.part(run.from, run.to);
                List<Map<Integer, List<@Nullable Double>>> counted =
                        scan.count(part, Horizon.NONE, planner.choose(question, part));
                for (int bucket = run.from; bucket < run.to; bucket++) {
                    found.set(bucket, new Kept(position, Map.copyOf(counted.get(bucket - run.from))));
                }
            }
            keep(kept, buckets, found);
        }
        List<Map<Integer, List<@Nullable Double>>> values = new ArrayList<>();
        for (Kept each : found) {
            values.add(each == null ? Map.of() : each.lines());
        }
        return values;
    }

    private List<Map<Integer, List<@Nullable Double>>> counted(Buckets buckets, Horizon horizon) {
        Source source = planner.choose(question);
        if (TrailingStates.fits(question)) {
            TrailingDays days = horizon.requiredDays();
            if (days.lookback() > 1 && planner.mergesFew(tenant, days.range(), days.lookback())) {
                List<Map<Integer, List<@Nullable Double>>> merged =
                        new TrailingStates(log, tenant, question, days).find(source);
                if (merged != null) {
                    return merged;
                }
            }
        }
        return scan.count(buckets, horizon, source);
    }

    /**
     * Keeps values that were found otherwise, and returns them.
     *
     * @param position of the tenant before they were asked for
     */
    List<Map<Integer, List<@Nullable Double>>> found(
            Buckets buckets, long position, List<Map<Integer, List<@Nullable Double>>> values) {
        log.buckets(buckets.size(), 0);
        if (kept != null) {
            List<@Nullable Kept> found = new ArrayList<>();
            values.forEach(lines -> found.add(new Kept(position, Map.copyOf(lines))));
            keep(kept, buckets, found);
        }
        return values;
    }

    private void keep(KeptBuckets kept, Buckets buckets, List<@Nullable Kept> found) {
        Map<Span, Kept> used = new LinkedHashMap<>();
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            Kept value = found.get(bucket);
            if (value != null) {
                used.put(span(buckets, bucket), value);
            }
        }
        kept.keep(tenant, shape, used);
    }

    /** What of the bucket lies in the range. */
    private static Span span(Buckets buckets, int bucket) {
        TimeRange range = buckets.part(bucket, bucket + 1).range();
        return new Span(range.startMillis(), range.endMillis());
    }

    /** The buckets that are missing, in a few runs; where there are more, those with the least between them become one. */
    static List<Run> runs(List<? extends @Nullable Object> found) {
        List<Run> runs = new ArrayList<>();
        for (int bucket = 0; bucket < found.size(); bucket++) {
            if (found.get(bucket) == null) {
                boolean continues = !runs.isEmpty() && runs.getLast().to == bucket;
                int from = continues ? runs.removeLast().from : bucket;
                runs.add(new Run(from, bucket + 1));
            }
        }
        while (runs.size() > MOST_RUNS) {
            int closest = 0;
            for (int run = 1; run < runs.size() - 1; run++) {
                if (gapAfter(runs, run) < gapAfter(runs, closest)) {
                    closest = run;
                }
            }
            Run second = runs.remove(closest + 1);
            runs.set(closest, new Run(runs.get(closest).from, second.to));
        }
        return runs;
    }

    private static int gapAfter(List<Run> runs, int run) {
        return runs.get(run + 1).from - runs.get(run).to;
    }

    /** Buckets from one up to another. */
    record Run(int from, int to) {}
}
