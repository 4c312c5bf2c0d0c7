package dev.tidemark.govern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.TenantId;
import dev.tidemark.collect.Collector;
import dev.tidemark.http.Reply;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.RowSink;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is kept of one person as one JSON object, sent while the engine finds it:
 * {@code {"user_id","anonymous_ids":[],"profile":[],"events":[],"dead_letters":[]}}, each row with the columns that it has in the store.
 * The object is whole when the transfer ends as it should, with the trailer {@code Export-Complete: true}.
 */
public final class PersonExport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final List<String> INNER =
            List.of("props_str", "props_num", "props_bool", "user_str", "user_num", "user_bool");
    private static final List<String> EVENT_TEXTS = List.of(
            "event_id",
            "event_type",
            "user_id",
            "anonymous_id",
            "session_id",
            "page_url",
            "page_path",
            "page_title",
            "referrer",
            "referrer_host",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "utm_term",
            "utm_content",
            "country",
            "region",
            "city",
            "device_type",
            "browser",
            "browser_version",
            "os",
            "os_version",
            "locale",
            "app_version",
            "sdk");

    private final EventStore store;
    private final Collector collector;

    public PersonExport(EventStore store, Collector collector) {
        this.store = store;
        this.collector = collector;
    }

    Reply reply(TenantId tenant, String userId) {
        PersonData person = new PersonData(tenant, collector.keptForms(tenant, userId));
        return Reply.streamed(200, "application/json", target -> write(person, userId, target))
                .withHeader("Content-Disposition", "attachment; filename=\"person.json\"")
                .withHeader("Cache-Control", "no-store")
                .withHeader("Trailer", "Export-Complete");
    }

    private Map<String, String> write(PersonData person, String userId, OutputStream target) throws IOException {
        var anonymous = person.anonymousIds(store);
        TreeSet<Long> persons = new TreeSet<>(person.userPersons());
        persons.addAll(PersonData.anonymousPersons(anonymous));
        try (JsonGenerator out = FACTORY.createGenerator(target)) {
            out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            out.setCodec(JSON);
            out.writeStartObject();
            out.writeStringField("user_id", userId);
            out.writeObjectField("anonymous_ids", anonymous);
            Parameters profiles = new Parameters(person.tenant());
            rows("profile", person.tenant(), profile(person, profiles), out);
            Parameters events = new Parameters(person.tenant());
            rows("events", person.tenant(), events(person, persons, events), out);
            Parameters letters = new Parameters(person.tenant());
            rows("dead_letters", person.tenant(), letters(person, anonymous, letters), out);
            out.writeEndObject();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return Map.of("Export-Complete", "true");
    }

    private static Select profile(PersonData person, Parameters parameters) {
        Select.Builder select = Select.from(Table.PROFILES, parameters)
                .column("user_id", "user_id_text")
                .column(time("updated_at"), "updated_at_text");
        maps(select, List.of("user_str", "user_num", "user_bool"));
        return select.where("user_id IN " + person.users(parameters))
                .orderBy("position DESC")
                .limit(1, 0)
                .build();
    }

    private static Select events(PersonData person, TreeSet<Long> persons, Parameters parameters) {
        Select.Builder select = Select.from(Table.EVENTS, parameters)
                .column(time("ts"), "timestamp_text")
                .column(time("received_at"), "received_at_text");
        EVENT_TEXTS.forEach(name -> select.column("toString(" + name + ")", name + "_text"));
        maps(select, INNER);
        return select.where(person.events(parameters, persons))
                .orderBy("ts")
                .orderBy("journal_offset")
                .build();
    }

    private static Select letters(PersonData person, java.util.Set<String> anonymous, Parameters parameters) {
        Select.Builder select =
                Select.from(Table.DEAD_LETTERS, parameters).column(time("received_at"), "received_at_text");
        for (String name : List.of("dead_letter_id", "reason", "field", "message", "event_type", "payload", "source")) {
            select.column("toString(" + name + ")", name + "_text");
        }
        return select.where(person.letters(parameters, anonymous))
                .orderBy("received_at")
                .build();
    }

    private static void maps(Select.Builder select, List<String> names) {
        names.forEach(name -> select.column("toJSONString(" + name + ")", name + "_map"));
    }

    private static String time(String column) {
        return "concat(replaceOne(toString(" + column + "), ' ', 'T'), 'Z')";
    }

    private void rows(String name, TenantId tenant, Select select, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(name);
        store.stream(tenant, select, new RowSink() {
            private List<String> columns = List.of();

            @Override
            public void columns(List<String> names) {
                columns = names;
            }

            @Override
            public void row(List<@Nullable Object> row) {
                try {
                    out.writeStartObject();
                    for (int column = 0; column < columns.size(); column++) {
                        value(columns.get(column), String.valueOf(row.get(column)), out);
                    }
                    out.writeEndObject();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        out.writeEndArray();
    }

    /** What is empty is left out. */
    private static void value(String column, String text, JsonGenerator out) throws IOException {
        if (column.endsWith("_map")) {
            if (!text.equals("{}")) {
                out.writeFieldName(column.substring(0, column.length() - "_map".length()));
                out.writeRawValue(text);
            }
        } else if (!text.isEmpty()) {
            out.writeStringField(column.substring(0, column.length() - "_text".length()), text);
        }
    }
}
