package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what was acknowledged with what a drained server answers.
 *
 * <p>For each batch the server is asked how many events it has (e), how many different items among them (d, exact), and the
 * sum of their numbers. Every event of a batch has an item of its own, so n - d are lost and e - d are duplicated. Then the
 * same trends are asked twice: as they are, which rollups may answer, and with a filter that every event passes but that
 * no rollup knows, which only the events can answer. Every point must be equal. Not thread-safe.
 */
final class Verifier {
    private static final int MOST_FINDINGS = 20;
    private static final int ROW_LIMIT = 200;
    private static final String BATCH = "properties.batch";

    private final TidemarkClient client;
    private final Ledger ledger;
    private final Questions.Range everything;
    private final Questions.Range recent;
    private final List<String> findings = new ArrayList<>();
    private long lost;
    private long duplicated;
    private long mismatches;

    /**
     * @param everything covers every event
     * @param recent covers the events of the present, hours at most, for trends by the minute
     */
    Verifier(TidemarkClient client, Ledger ledger, Questions.Range everything, Questions.Range recent) {
        this.client = client;
        this.ledger = ledger;
        this.everything = everything;
        this.recent = recent;
    }

    Verdict verify() throws IOException, InterruptedException {
        long found = 0;
        for (Map.Entry<String, Map<String, CrashBatch>> group : ledger.groups().entrySet()) {
            found += verifyGroup(group.getKey(), group.getValue());
        }
        long total = Math.round(
                client.ask(Questions.count(everything, List.of())).path("value").asDouble());
        if (total > found) {
            duplicated += total - found;
            find((total - found) + " stored events belong to no acknowledged batch");
        }
        for (String measure : List.of("events", "users", "sessions")) {
            compareTrends(measure, "day", everything.widenedTo(ChronoUnit.DAYS));
            compareTrends(measure, "hour", everything.widenedTo(ChronoUnit.HOURS));
            compareTrends(measure, "minute", recent.widenedTo(ChronoUnit.MINUTES));
        }
        return new Verdict(ledger.events(), lost, duplicated, mismatches, findings);
    }

    /** Judges the batches of a group; returns how many stored events it saw. */
    private long verifyGroup(String group, Map<String, CrashBatch> expected) throws IOException, InterruptedException {
        ObjectNode question = Questions.question("table", everything);
        Questions.measure(question, "stored", "events");
        Questions.measure(question, "items", "distinct")
                .put("property", "properties.item")
                .put("exact", true);
        Questions.measure(question, "total", "sum").put("property", "properties.seq");
        question.putArray("breakdowns").add(BATCH);
        question.set("filter", Questions.propertyEquals("properties.group", group));
        question.put("limit", ROW_LIMIT);
        JsonNode answer = client.ask(question);

        int id = column(answer, BATCH);
        int stored = column(answer, "stored");
        int items = column(answer, "items");
        int total = column(answer, "total");
        Map<String, CrashBatch> missing = new TreeMap<>(expected);
        long found = 0;
        for (JsonNode row : answer.path("rows")) {
            CrashBatch batch = missing.remove(row.path(id).asText());
            if (batch != null) {
                found += row.path(stored).asLong();
                judge(
                        batch,
                        row.path(stored).asLong(),
                        row.path(items).asLong(),
                        row.path(total).asLong());
            }
        }
        for (CrashBatch batch : missing.values()) {
            judge(batch, 0, 0, 0);
        }
        return found;
    }

    private static int column(JsonNode table, String name) throws IOException {
        JsonNode columns = table.path("columns");
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).path("name").asText().equals(name)) {
                return i;
            }
        }
        throw new IOException("a table without the column " + name + ": " + columns);
    }

    private void judge(CrashBatch batch, long stored, long items, long total) {
        long gone = batch.size() - items;
        long extra = stored - items;
        if (gone == 0 && extra == 0 && total != batch.sum()) {
            gone = 1;
        }
        if (gone != 0 || extra != 0) {
            find("batch " + batch.id() + " of " + batch.size() + ": stored " + stored + ", different items " + items
                    + ", sum of seq " + total + " where " + batch.sum() + " is right");
        }
        lost += Math.max(0, gone);
        duplicated += Math.max(0, extra) + Math.max(0, -gone);
    }

    private void compareTrends(String measure, String interval, Questions.Range range)
            throws IOException, InterruptedException {
        ObjectNode question = Questions.question("trend", range);
        question.put("interval", interval);
        Questions.measure(question, measure, measure);
        for (String eventType : CrashBatch.EVENT_TYPES) {
            Questions.measure(question, measure + " of " + eventType, measure).put("event", eventType);
        }
        Map<String, Double> rolledUp = points(client.ask(question));
        question.set("filter", Questions.propertyIsSet("properties.writer"));
        Map<String, Double> raw = points(client.ask(question));
        if (raw.isEmpty()) {
            throw new IOException("a trend by the " + interval + " without points");
        }
        raw.forEach((point, value) -> {
            Double other = rolledUp.remove(point);
            if (!value.equals(other)) {
                mismatches++;
                find("by the " + interval + ", " + point + ": " + value + " from events, " + other + " from rollups");
            }
        });
        mismatches += rolledUp.size();
        rolledUp.forEach((point, value) ->
                find("by the " + interval + ", " + point + ": absent from events, " + value + " from rollups"));
    }

    private static Map<String, Double> points(JsonNode trend) {
        Map<String, Double> points = new TreeMap<>();
        for (JsonNode line : trend.path("lines")) {
            for (JsonNode point : line.path("points")) {
                points.put(
                        line.path("measure").asText() + " at "
                                + point.path("time").asText(),
                        point.path("value").asDouble());
            }
        }
        return points;
    }

    private void find(String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }
}
