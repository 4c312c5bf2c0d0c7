package dev.tidemark.query;

import dev.tidemark.base.ContextField;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which properties events have, in SQL: the keys of each map, which the engine reads without the values, and the columns that are
 * not empty.
 */
final class CatalogProperties {
    private static final String NOTHING = "CAST(NULL AS Nullable(Float64))";
    private static final List<Keys> MAPS = List.of(
            new Keys(Property.SENT, "props_str", "string"),
            new Keys(Property.SENT, "props_num", "number"),
            new Keys(Property.SENT, "props_bool", "boolean"),
            new Keys(Property.TRAIT, "user_str", "string"),
            new Keys(Property.TRAIT, "user_num", "number"),
            new Keys(Property.TRAIT, "user_bool", "boolean"));
    private static final List<String> COLUMNS = Stream.concat(
                    Stream.of("user_id", "anonymous_id", "session_id"),
                    Arrays.stream(ContextField.values()).map(ContextField::column))
            .toList();

    private CatalogProperties() {}

    private record Keys(String prefix, String map, String type) {
        boolean isOfNumbers() {
            return type.equals("number");
        }
    }

    /** Columns: path, events, number of all paths, events by type (text, number, boolean), least and greatest number. */
    static Select page(CatalogSample sample, CatalogRequest request, Parameters parameters) {
        List<Select> parts = new ArrayList<>();
        for (Keys keys : MAPS) {
            Select.Builder part = ofMap(keys, sample, request.locked(), parameters)
                    .column("count()", "n")
                    .column(keys.isOfNumbers() ? "toNullable(min(v + 0))" : NOTHING, "least")
                    .column(keys.isOfNumbers() ? "toNullable(max(v + 0))" : NOTHING, "greatest");
            parts.add(searched(part, request, parameters).build());
        }
        Select.Builder columns = ofColumns(sample, request.locked(), parameters, null)
                .column("'string'", "type")
                .column("entry.2", "n")
                .column(NOTHING, "least")
                .column(NOTHING, "greatest");
        parts.add(searched(columns, request, parameters).build());
        return Select.from(Select.unionAll(parts))
                .column("path", "path")
                .column("sum(n)", "events")
                .column("count() OVER ()", "total")
                .column("sumIf(n, type = 'string')", "texts")
                .column("sumIf(n, type = 'number')", "numbers")
                .column("sumIf(n, type = 'boolean')", "flags")
                .column("min(least)", "lowest")
                .column("max(greatest)", "highest")
                .groupBy("path")
                .orderBy("events DESC")
                .orderBy("path")
                .limit(request.limit(), request.offset())
                .build();
    }

    /** Columns: event type, path. */
    static Select byEventType(CatalogSample sample, Parameters parameters) {
        List<Select> parts = new ArrayList<>();
        for (Keys keys : MAPS) {
            parts.add(ofMap(keys, sample, null, parameters)
                    .column("toString(event_type)", "name")
                    .groupBy("name")
                    .build());
        }
        parts.add(ofColumns(sample, null, parameters, "event_type")
                .column("'string'", "type")
                .column("name", "name")
                .build());
        return Select.from(Select.unionAll(parts))
                .column("name", "event_type_name")
                .column("path", "property_path")
                .groupBy("name")
                .groupBy("path")
                .orderBy("name")
                .orderBy("path")
                .build();
    }

    private static Select.Builder ofMap(
            Keys keys, CatalogSample sample, @Nullable Filter locked, Parameters parameters) {
        String values = keys.isOfNumbers() ? ", " + keys.map + ".values AS v" : "";
        return sample.select(parameters, locked)
                .arrayJoin(keys.map + ".keys AS k" + values)
                .column("concat('" + keys.prefix + "', toString(k))", "path")
                .column("'" + keys.type + "'", "type")
                .groupBy("path");
    }

    private static Select.Builder ofColumns(
            CatalogSample sample, @Nullable Filter locked, Parameters parameters, @Nullable String groupBy) {
        Select.Builder counts = sample.select(parameters, locked);
        List<String> entries = new ArrayList<>();
        for (String column : COLUMNS) {
            counts.column("countIf(" + column + " != '')", column + "_n");
            entries.add("('" + column + "', " + column + "_n)");
        }
        counts.column("count()", "event_type_n");
        entries.add("('event_type', event_type_n)");
        if (groupBy != null) {
            counts.column("toString(" + groupBy + ")", "name").groupBy("name");
        }
        return Select.from(counts.build())
                .arrayJoin("[" + String.join(", ", entries) + "] AS entry")
                .where("entry.2 > 0")
                .column("entry.1", "path");
    }

    private static Select.Builder searched(Select.Builder part, CatalogRequest request, Parameters parameters) {
        return request.search().isEmpty() ? part : part.where(Catalog.contains("path", request, parameters));
    }
}
