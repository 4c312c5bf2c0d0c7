package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.TenantId;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import dev.tidemark.store.RowSink;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events as files. CSV and JSON are read page by page, each page whole in memory before it is sent, so that a slow reader holds nothing of the
 * engine; Parquet is made by the engine, in parts. Thread-safe.
 */
final class EventExport {
    private static final long ROWS_OF_A_PART = 1_000_000;
    private static final long MOST_ROWS_OF_A_PART = 5_000_000;
    private static final String NEXT = "Next-Cursor";

    private final EventStore store;
    private final Positions positions;
    private final CohortDirectory cohorts;
    private final Exports exports;

    EventExport(EventStore store, Positions positions, CohortDirectory cohorts, Exports exports) {
        this.store = store;
        this.positions = positions;
        this.cohorts = cohorts;
        this.exports = exports;
    }

    Reply reply(Call call, TenantSettings settings, Instant now) {
        Exports.Options options = Exports.Options.of(call);
        EventSelection selection = selection(call, settings, now);
        Long rows = rows(call);
        if (options.format() == ExportFormat.PARQUET) {
            return parquet(selection, options, rows == null ? ROWS_OF_A_PART : rows);
        }
        long most = rows == null ? Long.MAX_VALUE : rows;
        return exports.streamed(
                        selection.tenant(),
                        options,
                        "events",
                        List.of(Exports.COMPLETE, Exports.ROWS, NEXT),
                        target -> pages(selection, options, most, target))
                .withHeader("Export-As-Of", Long.toString(selection.cursor().asOf()));
    }

    private Map<String, String> pages(EventSelection from, Exports.Options options, long most, OutputStream target)
            throws IOException {
        EventPage page = new EventPage(store, from, options);
        page.head(target);
        long left = most;
        for (EventDays days = EventDays.of(read(from.tenant(), from.days())); left > 0; ) {
            Optional<EventDays.Window> window = days.next(page.size());
            if (window.isEmpty()) {
                return trailers(most - left, null);
            }
            long expected = Math.min(window.get().events(), left);
            while (expected > 0) {
                int wanted = (int) Math.min(page.size(), expected);
                int came = page.send(window.get().range(), wanted, target);
                expected -= came < wanted ? expected : came;
                left -= came;
            }
        }
        return trailers(most, page.last());
    }

    private static Map<String, String> trailers(long rows, @Nullable ExportCursor next) {
        Map<String, String> trailers = new LinkedHashMap<>();
        trailers.put(Exports.COMPLETE, "true");
        trailers.put(Exports.ROWS, Long.toString(rows));
        if (next != null) {
            trailers.put(NEXT, next.text());
        }
        return trailers;
    }

    /** One part; the address of the next is known before it is sent. */
    private Reply parquet(EventSelection selection, Exports.Options options, long rows) {
        TenantId tenant = selection.tenant();
        ExportCursor.Place last = endOfPart(selection, rows);
        Reply reply = exports.streamed(tenant, options, "events", List.of(Exports.COMPLETE), target -> {
                    store.parquet(tenant, selection.columns(last), target);
                    return Map.of(Exports.COMPLETE, "true");
                })
                .withHeader("Export-As-Of", Long.toString(selection.cursor().asOf()));
        return last == null
                ? reply
                : reply.withHeader(NEXT, selection.cursor().after(last).text());
    }

    /** The last event of a part with more behind it; null when the rest fits into the part. */
    private ExportCursor.@Nullable Place endOfPart(EventSelection selection, long rows) {
        EventDays days = EventDays.of(read(selection.tenant(), selection.days()));
        if (days.events() <= rows) {
            return null;
        }
        long before = 0;
        while (true) {
            EventDays.Window day = days.next(1).orElseThrow();
            if (before + day.events() >= rows) {
                Rows end =
                        read(selection.tenant(), selection.within(day.range()).place(rows - before));
                return end.size() == 0
                        ? null
                        : new ExportCursor.Place(
                                end.longAt(0, 0), end.textAt(0, 1), (int) end.longAt(0, 2), end.longAt(0, 3));
            }
            before += day.events();
        }
    }

    private EventSelection selection(Call call, TenantSettings settings, Instant now) {
        TenantId tenant = call.tenant();
        EventSelection.Choice choice = EventSelection.Choice.of(
                call, QuestionContext.plain(now, settings.zone(), settings.weekStart(), cohorts.of(tenant)));
        String text = call.query().get("cursor");
        ExportCursor cursor = text == null
                ? new ExportCursor(asOf(tenant), range(call, settings, now), choice.number(), null)
                : ExportCursor.parse(text, choice.number());
        return new EventSelection(tenant, choice.eventType(), choice.filter(), cursor);
    }

    private static TimeRange range(Call call, TenantSettings settings, Instant now) {
        QuestionContext context = new QuestionContext(
                now,
                settings.zone(),
                settings.weekStart(),
                call.query().get("start_time"),
                call.query().get("end_time"),
                null,
                null,
                KnownCohorts.NONE);
        ObjectNode none = AnswerJson.JSON.objectNode();
        call.queryParameter("zone").ifPresent(zone -> none.put("zone", zone));
        Fields fields = Fields.open(none, "");
        return new RangeReader(context, CommonFields.zone(fields, context)).read(fields, null, false);
    }

    /** Of a tenant of whom nothing came since the start, the store knows. */
    private long asOf(TenantId tenant) {
        long position = positions.of(tenant);
        if (position >= 0) {
            return position;
        }
        Rows rows = store.query(tenant, EventSelection.highest(tenant));
        return rows.longAt(0, 0) == 0 ? -1 : rows.longAt(0, 1);
    }

    private static @Nullable Long rows(Call call) {
        String text = call.query().get("rows");
        if (text == null) {
            return null;
        }
        long rows = text.matches("\\d{1,7}") ? Long.parseLong(text) : 0;
        if (rows < 1 || rows > MOST_ROWS_OF_A_PART) {
            throw Fields.invalid("rows", "must be a number between 1 and " + MOST_ROWS_OF_A_PART);
        }
        return rows;
    }

    /** Through the places of streams, so that exports do not stand in the way of questions. */
    private Rows read(TenantId tenant, Select select) {
        List<List<@Nullable Object>> values = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        store.stream(tenant, select, new RowSink() {
            @Override
            public void columns(List<String> names) {
                columns.addAll(names);
            }

            @Override
            public void row(List<@Nullable Object> row) {
                values.add(row);
            }
        });
        return Rows.of(columns, values);
    }
}
