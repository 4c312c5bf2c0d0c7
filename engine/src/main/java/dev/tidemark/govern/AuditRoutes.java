package dev.tidemark.govern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The audit log of the caller's tenant, and that of the server for its administrators: read, taken elsewhere, checked. */
public final class AuditRoutes implements Routes {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final List<String> COLUMNS =
            List.of("at", "actor", "action", "target", "outcome", "status", "address", "correlation_id");

    private final AuditLog log;

    public AuditRoutes(AuditLog log) {
        this.log = log;
    }

    @Override
    public void register(RouteTable table) {
        register(table, "/api/v1/audit", Access.needs(Permission.AUDIT_READ));
        register(table, "/api/v1/server/audit", Access.SERVER);
    }

    private void register(RouteTable table, String path, Access access) {
        table.blocking(HttpMethod.GET, path, access, this::page);
        table.blocking(HttpMethod.GET, path + "/export", access, this::export);
        table.blocking(HttpMethod.GET, path + "/head", access, this::head);
        table.blocking(HttpMethod.GET, path + "/verification", access, this::verification);
    }

    private static LogOf of(Call call) {
        Credential credential = call.credential();
        return credential == null ? LogOf.SERVER : LogOf.tenant(credential.tenant());
    }

    Reply page(Call call) {
        int limit = (int) number(call, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        List<AuditEntry> entries = log.entries(of(call), after(call), limit + 1);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode all = answer.putArray("entries");
        List<AuditEntry> shown = entries.subList(0, Math.min(limit, entries.size()));
        shown.forEach(entry -> all.add(json(entry)));
        answer.put(
                "next_cursor",
                entries.size() > limit ? Long.toString(shown.getLast().number()) : null);
        return Reply.json(200, answer);
    }

    Reply export(Call call) {
        LogOf of = of(call);
        long after = after(call);
        String format = call.queryParameter("format").orElse("ndjson");
        if (!format.equals("ndjson") && !format.equals("csv")) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be ndjson or csv", "format");
        }
        boolean csv = format.equals("csv");
        return Reply.streamed(200, csv ? "text/csv" : "application/x-ndjson", target -> write(of, after, csv, target))
                .withHeader("Content-Disposition", "attachment; filename=\"audit." + format + "\"")
                .withHeader("Trailer", "Export-Complete, Next-Cursor");
    }

    Reply head(Call call) {
        return Reply.json(200, log.head(of(call)).toJson().put("public_key", log.publicKey()));
    }

    Reply verification(Call call) {
        List<AuditHead> others =
                call.queryParameter("head").map(AuditRoutes::head).stream().toList();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        switch (log.verify(of(call), others)) {
            case AuditLog.Check.Whole(long entries, long heads) ->
                answer.put("whole", true).put("entries", entries).put("heads", heads);
            case AuditLog.Check.Broken(long number, String what) ->
                answer.put("whole", false).put("number", number).put("problem", what);
        }
        return Reply.json(200, answer);
    }

    private Map<String, String> write(LogOf of, long after, boolean csv, OutputStream target) throws IOException {
        long last = after;
        if (csv) {
            line(target, "number," + String.join(",", COLUMNS) + ",entry,hash\r\n");
        }
        for (List<AuditEntry> portion = log.entries(of, last, MAX_LIMIT);
                !portion.isEmpty();
                portion = log.entries(of, last, MAX_LIMIT)) {
            for (AuditEntry entry : portion) {
                line(target, csv ? row(entry) : json(entry) + "\n");
                last = entry.number();
            }
        }
        return Map.of("Export-Complete", "true", "Next-Cursor", Long.toString(last));
    }

    private static void line(OutputStream target, String text) throws IOException {
        target.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With the entry as it was hashed, so that the chain can be checked elsewhere. */
    private static ObjectNode json(AuditEntry entry) {
        ObjectNode node = JobStore.object(entry.text());
        node.put("number", entry.number());
        node.put("entry", entry.text());
        node.put("hash", entry.hash());
        return node;
    }

    private static String row(AuditEntry entry) {
        JsonNode node = JobStore.object(entry.text());
        List<String> cells = new ArrayList<>(List.of(Long.toString(entry.number())));
        for (String column : COLUMNS) {
            JsonNode value = node.path(column);
            cells.add(quoted(value.isValueNode() ? value.asText() : value.toString()));
        }
        cells.add(quoted(entry.text()));
        cells.add(entry.hash());
        return String.join(",", cells) + "\r\n";
    }

    /** An apostrophe keeps a spreadsheet from taking a text for a formula. */
    private static String quoted(String text) {
        boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }

    private static AuditHead head(String text) {
        try {
            return AuditHead.read(JobStore.object(text));
        } catch (RuntimeException e) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be a head as this log gave it", "head");
        }
    }

    private static long after(Call call) {
        return number(call, "cursor", 0, 0, Long.MAX_VALUE);
    }

    private static long number(Call call, String name, long otherwise, long least, long most) {
        String text = call.queryParameter(name).orElse(Long.toString(otherwise));
        long number = text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    name.equals("cursor")
                            ? "must be a cursor that this log gave"
                            : "must be a number from 1 to " + most,
                    name);
        }
        return number;
    }
}
