package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark bench query}. */
@Command(
        name = "query",
        description =
                "Times every analysis of a large and a small tenant beside hand-written SQL for the same numbers.",
        footer = {
            "",
            "cold_ms: without cached results, the engine's own caches emptied; the operating system's file cache is not.",
            "ms_p50, ms_p95: without cached results, the engine warm. cached_ms: a report that is asked again.",
            "An answer that differs from the SQL's is printed and makes the exit code 1.",
            "At the end stands which of the times and ratios that are aimed at were reached."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class QueryCommand implements Callable<Integer> {
    private static final String CONTENTION = "contention";

    private final TimeSource time;

    @Mixin
    private RunOptions options;

    @Option(names = "--events", description = "Events of all tenants together.")
    private long events = 20_000_000;

    @Option(names = "--tenants", description = "Tenants, of Zipf's sizes.")
    private int tenants = 1_000;

    @Option(names = "--runs", description = "Timed runs of each question.")
    private int runs = 20;

    @Option(names = "--seed", description = "Seed of the events.")
    private long seed = 1;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep the loaded store in a directory; events that are there already are used again.")
    private @Nullable Path keep;

    @Option(
            names = "--analyses",
            split = ",",
            paramLabel = "NAME",
            description = "Only these; contention is the small tenant beside a busy large one.")
    private List<String> analyses = new ArrayList<>();

    @Option(
            names = "--engine-memory",
            paramLabel = "SIZE",
            description = "Memory of the engine, as in 4GiB; the server's default without it.")
    private String engineMemory = "";

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    QueryCommand(TimeSource time) {
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        options.require(
                events >= 1 && tenants >= 2 && tenants <= 9_999 && runs >= 1,
                "--events and --runs: at least 1; --tenants: 2 to 9999.");
        QueryBench.Plan plan = new QueryBench.Plan(
                events,
                tenants,
                seed,
                runs,
                chosen(),
                analyses.isEmpty() || analyses.contains(CONTENTION),
                engineMemory,
                options.javaOptions());
        PrintWriter progress = options.progress();
        try (Scratch scratch = keep == null ? Scratch.create() : Scratch.kept(keep)) {
            List<AnalysisResult> results = new ArrayList<>();
            boolean right = new QueryBench(plan, time, progress::println).run(scratch, result -> {
                results.add(result);
                options.print(options.json() ? result.toJson() : result.toLine());
            });
            QueryLimits limits = QueryLimits.of(results, plan);
            options.print(options.json() ? limits.toJson() : limits.toTable());
            return right ? 0 : 1;
        }
    }

    private List<Analysis> chosen() {
        if (analyses.isEmpty()) {
            return List.of(Analysis.values());
        }
        List<String> known = new ArrayList<>(Analysis.names());
        known.add(CONTENTION);
        for (String name : analyses) {
            options.require(
                    known.contains(name), "--analyses: no '" + name + "'; known are " + String.join(", ", known));
        }
        return List.of(Analysis.values()).stream()
                .filter(analysis -> analyses.contains(analysis.wireName()))
                .toList();
    }
}
