package dev.tidemark.query;

import dev.tidemark.base.ContextField;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which properties events have, in SQL: the keys of each map, which the engine reads without the values, and the columns that are
 * not empty.
 */
final class CatalogProperties {
    private static final String NOTHING = "CAST(NULL AS Nullable(Float64))";
    private static final List<Keys> NAMED = List.of(
            new Keys(Property.SENT, "props_str", "string"),
            new Keys(Property.SENT, "props_bool", "boolean"),
            new Keys(Property.TRAIT, "user_str", "string"),
            new Keys(Property.TRAIT, "user_bool", "boolean"));
    private static final List<Keys> NUMBERS =
            List.of(new Keys(Property.SENT, "props_num", "number"), new Keys(Property.TRAIT, "user_num", "number"));
    private static final List<String> COLUMNS = Stream.concat(
                    Stream.of("user_id", "anonymous_id", "session_id"),
                    Arrays.stream(ContextField.values()).map(ContextField::column))
            .toList();

    private CatalogProperties() {}

    /** The keys of one map, all of whose values have one type. */
    private record Keys(String prefix, String map, String type) {
        String names() {
            return map + ".keys";
        }

        /** As many times the same as there are keys. */
        String repeated(int number) {
            return "arrayWithConstant(length(" + map + ".keys), " + number + ")";
        }
    }

    /** Columns: path, events, number of all paths, events by type (text, number, boolean), least and greatest number. */
    static Select page(CatalogSample sample, CatalogRequest request, Parameters parameters) {
        List<Select> parts = new ArrayList<>();
        Select.Builder named = ofMaps(NAMED, sample, request.locked(), parameters)
                .column("count()", "n")
                .column(NOTHING, "least")
                .column(NOTHING, "greatest");
        Select.Builder numbers = ofMaps(NUMBERS, sample, request.locked(), parameters)
                .column("count()", "n")
                .column("toNullable(min(v + 0))", "least")
                .column("toNullable(max(v + 0))", "greatest");
        parts.add(searched(named, request, parameters).build());
        parts.add(searched(numbers, request, parameters).build());
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
        for (List<Keys> maps : List.of(NAMED, NUMBERS)) {
            parts.add(ofMaps(maps, sample, null, parameters)
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

    /** Reads several maps in one go: each key with the number of its map, numbers with their values too. */
    private static Select.Builder ofMaps(
            List<Keys> maps, CatalogSample sample, @Nullable Filter locked, Parameters parameters) {
        List<String> joined = new ArrayList<>();
        joined.add(concatenated(maps, Keys::names) + " AS k");
        joined.add(concatenated(maps, keys -> keys.repeated(maps.indexOf(keys))) + " AS m");
        if (maps.equals(NUMBERS)) {
            joined.add(concatenated(maps, keys -> keys.map + ".values") + " AS v");
        }
        return sample.select(parameters, locked)
                .arrayJoin(String.join(", ", joined))
                .column("concat(" + chosen(maps, Keys::prefix) + ", toString(k))", "path")
                .column(chosen(maps, Keys::type), "type")
                .groupBy("k")
                .groupBy("m");
    }

    private static String concatenated(List<Keys> maps, Function<Keys, String> array) {
        return "arrayConcat(" + maps.stream().map(array).collect(Collectors.joining(", ")) + ")";
    }

    private static String chosen(List<Keys> maps, Function<Keys, String> word) {
        return "["
                + maps.stream().map(keys -> "'" + word.apply(keys) + "'").collect(Collectors.joining(", "))
                + "][m + 1]";
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
