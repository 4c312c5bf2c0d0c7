package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Times the analyses of one tenant against the statements written by hand, one run of each in turn. Not thread-safe. */
final class AnalysisTimer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COLD_RUNS = 3;

    /** Behind the cold runs, so that the engine's caches are full again. */
    private static final int WARM_UPS = 5;

    /** A server runs for weeks, and what it feels like is not its first minute, in which its code is compiled. */
    private static final Duration WARM_UP_ROUND = Duration.ofSeconds(15);

    private static final int LEAST_WARM_UP_ROUNDS = 3;
    private static final int MOST_WARM_UP_ROUNDS = 10;

    /** A round that takes more than this part of the quickest one before has gained nothing. */
    private static final double NO_GAIN = 0.97;

    private static final int SHOWN_ROWS = 5;
    private static final List<String> ENGINE_CACHES = List.of(
            "MARK CACHE",
            "UNCOMPRESSED CACHE",
            "INDEX MARK CACHE",
            "MMAP CACHE",
            "QUERY CONDITION CACHE",
            "QUERY CACHE");

    private final TidemarkClient server;
    private final EngineHttp engine;
    private final String tenant;
    private final Instant until;
    private final int runs;
    private final TimeSource time;

    AnalysisTimer(TidemarkClient server, EngineHttp engine, String tenant, Instant until, int runs, TimeSource time) {
        this.server = server;
        this.engine = engine;
        this.tenant = tenant;
        this.until = until;
        this.runs = runs;
        this.time = time;
    }

    /** Asks all of them again and again until that no longer gets quicker, so that nothing that is timed afterwards is code of a process that has just started. */
    void warmUp(List<Analysis> analyses) throws IOException, InterruptedException {
        List<Asked> questions = new ArrayList<>();
        for (Analysis analysis : analyses) {
            if (!analysis.needsCohort()) {
                questions.add(asked(analysis, analysis.days(until), ""));
            }
        }
        if (questions.isEmpty()) {
            return;
        }
        double quickest = Double.MAX_VALUE;
        for (int round = 1; round <= MOST_WARM_UP_ROUNDS; round++) {
            double millis = warmUpRound(questions);
            if (round >= LEAST_WARM_UP_ROUNDS && millis > quickest * NO_GAIN) {
                return;
            }
            quickest = Math.min(quickest, millis);
        }
    }

    /** Milliseconds that asking all of them once takes, in the median. */
    private double warmUpRound(List<Asked> questions) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        long end = time.nanos() + WARM_UP_ROUND.toNanos();
        while (millis.isEmpty() || time.nanos() < end) {
            long begun = time.nanos();
            for (Asked asked : questions) {
                forgetResults();
                ask(asked);
            }
            millis.add((time.nanos() - begun) / 1e6);
        }
        double[] sorted = millis.stream().mapToDouble(each -> each).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    AnalysisResult measure(Analysis analysis) throws IOException, InterruptedException {
        Analysis.Days days = analysis.days(until);
        String cohort = "";
        if (analysis.needsCohort()) {
            TidemarkClient.Answer made =
                    server.call("POST", "/api/v1/cohorts", cohort(days).toString());
            if (made.status() == 404 || made.status() == 405) {
                return unsupported(analysis, made);
            }
            if (made.status() >= 300) {
                return different(analysis, "the cohort was answered with " + made);
            }
            cohort = made.json().findPath("cohort_id").asText();
        }
        Asked asked = asked(analysis, days, cohort);
        TidemarkClient.Answer first = ask(asked);
        if (first.status() != 200) {
            boolean unknown = first.status() == 404
                    || first.status() == 405
                    || (first.status() == 400 && (first.body().contains("is no question") || isOfMeasure(first)));
            return unknown ? unsupported(analysis, first) : different(analysis, "the server answered " + first);
        }
        String statement = analysis.statement();
        Map<String, String> parameters = days.parameters(tenant);
        SortedSet<String> ours = analysis.shape().rows(data(first.json()));
        SortedSet<String> theirs;
        try {
            theirs = analysis.shape().rowsOfStatement(EngineHttp.read(engine.ask(statement, parameters)));
        } catch (IOException refused) {
            return different(analysis, "the statement failed: " + refused.getMessage());
        }
        if (!ours.equals(theirs)) {
            return different(analysis, difference(ours, theirs));
        }
        return time(analysis, asked, statement, parameters);
    }

    private AnalysisResult time(Analysis analysis, Asked asked, String statement, Map<String, String> parameters)
            throws IOException, InterruptedException {
        double[] cold = new double[COLD_RUNS];
        for (int run = 0; run < COLD_RUNS; run++) {
            forgetResults();
            for (String cache : ENGINE_CACHES) {
                engine.run("SYSTEM DROP " + cache, Map.of());
            }
            cold[run] = timed(() -> ask(asked));
        }
        double[] warm = new double[runs];
        double[] byHand = new double[runs];
        for (int run = -WARM_UPS; run < runs; run++) {
            // Whichever comes second finds the processor's caches warm and no core asleep, so they take turns in that
            // too.
            boolean oursFirst = run % 2 == 0;
            double theirs = oursFirst ? 0 : timedByHand(statement, parameters);
            forgetResults();
            double ours = timed(() -> ask(asked));
            if (oursFirst) {
                theirs = timedByHand(statement, parameters);
            }
            if (run >= 0) {
                warm[run] = ours;
                byHand[run] = theirs;
            }
        }
        double[] cached = asked.path.equals(Asked.QUERY) ? cached(analysis, asked) : new double[0];
        return new AnalysisResult.Timed(
                analysis.wireName(),
                tenant,
                warm,
                byHand,
                cold,
                cached,
                asked.path.equals(Asked.QUERY) ? rowsRead(asked) : -1);
    }

    /** Behind the same request as the question's, which leaves the same things idle. */
    private double timedByHand(String statement, Map<String, String> parameters)
            throws IOException, InterruptedException {
        forgetResults();
        return timed(() -> engine.ask(statement, parameters));
    }

    /** A report with the question, as somebody's browser asks for it again and again. */
    private double[] cached(Analysis analysis, Asked asked) throws IOException, InterruptedException {
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("report_name", analysis.wireName());
        ObjectNode question = (ObjectNode) JSON.readTree(asked.body);
        String type = question.remove("type").asText();
        ObjectNode widget =
                report.putArray("widgets").addObject().put("type", type).put("title", "");
        widget.set("question", question);
        TidemarkClient.Answer made = server.call("POST", "/api/v1/reports", report.toString());
        if (made.status() != 201) {
            return new double[0];
        }
        String path = "/api/v1/reports/" + made.json().path("report_id").asText();
        server.call("GET", path, "");
        double[] cached = new double[runs];
        for (int run = 0; run < runs; run++) {
            cached[run] = timed(() -> server.call("GET", path, ""));
        }
        server.call("DELETE", path, "");
        return cached;
    }

    private long rowsRead(Asked asked) throws IOException, InterruptedException {
        forgetResults();
        TidemarkClient.Answer explained = server.call("POST", Asked.QUERY + "?explain=true", asked.body);
        if (explained.status() != 200) {
            return -1;
        }
        return explained.json().at("/explain/rows_read").asLong(-1);
    }

    private void forgetResults() throws IOException, InterruptedException {
        server.call("POST", "/api/v1/cache/invalidate", "");
    }

    private TidemarkClient.Answer ask(Asked asked) throws IOException, InterruptedException {
        return asked.path.equals(Asked.QUERY)
                ? server.call("POST", asked.path, asked.body)
                : server.call("GET", asked.path, "");
    }

    private static Asked asked(Analysis analysis, Analysis.Days days, String cohort) throws IOException {
        return analysis.listPath().isPresent()
                ? new Asked(analysis.listPath().get(), "")
                : new Asked(Asked.QUERY, analysis.question(days, cohort).toString());
    }

    /** Who purchased at least twice in the days that are asked about. */
    private static ObjectNode cohort(Analysis.Days days) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("name", "bought twice")
                .put("kind", "dynamic");
        ObjectNode did = body.putObject("definition").putObject("did").put("event", "purchase");
        did.put("zone", "UTC").putObject("times").put("at_least", 2);
        did.putObject("range")
                .put("start_time", days.first().toString())
                .put("end_time", days.after().minusDays(1).toString());
        return body;
    }

    private static JsonNode data(JsonNode answer) {
        return answer.has("data") ? answer.get("data") : answer;
    }

    private static boolean isOfMeasure(TidemarkClient.Answer answer) throws IOException {
        return answer.json().path("field").asText().endsWith("].measure");
    }

    private AnalysisResult unsupported(Analysis analysis, TidemarkClient.Answer answer) throws IOException {
        return new AnalysisResult.Unsupported(
                analysis.wireName(), tenant, answer.json().path("detail").asText());
    }

    private AnalysisResult different(Analysis analysis, String why) {
        return new AnalysisResult.Different(analysis.wireName(), tenant, why);
    }

    private static String difference(SortedSet<String> ours, SortedSet<String> theirs) {
        SortedSet<String> onlyOurs = new TreeSet<>(ours);
        onlyOurs.removeAll(theirs);
        SortedSet<String> onlyTheirs = new TreeSet<>(theirs);
        onlyTheirs.removeAll(ours);
        return onlyOurs.size() + " rows only of the server, as in " + some(onlyOurs) + "; " + onlyTheirs.size()
                + " only of the statement, as in " + some(onlyTheirs);
    }

    private static List<String> some(SortedSet<String> rows) {
        return new ArrayList<>(rows).subList(0, Math.min(SHOWN_ROWS, rows.size()));
    }

    private double timed(Request request) throws IOException, InterruptedException {
        long begun = time.nanos();
        Object answer = request.send();
        double millis = (time.nanos() - begun) / 1e6;
        if (answer instanceof TidemarkClient.Answer ours && ours.status() != 200) {
            throw new IOException("a question that was answered before is now answered with " + ours);
        }
        return millis;
    }

    /** Where a question goes, with its body; empty for a list. */
    private record Asked(String path, String body) {
        static final String QUERY = "/api/v1/query";
    }

    /** Something whose answer is waited for. */
    @FunctionalInterface
    private interface Request {
        Object send() throws IOException, InterruptedException;
    }
}
