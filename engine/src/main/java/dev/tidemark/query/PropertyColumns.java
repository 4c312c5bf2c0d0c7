package dev.tidemark.query;

import dev.tidemark.store.Parameters;

/**
 * A property in SQL. Sent properties and traits stand in maps by type; the engine reads all keys of a map to answer for one, which
 * is why the common circumstances of events have columns of their own.
 *
 * @param present whether the event has it
 * @param text its value as text, meaningful only where present
 * @param key the cheapest to group events by; empty or null, never both, where the event lacks it
 */
record PropertyColumns(String present, String text, String key) {

    PropertyColumns(String present, String text) {
        this(present, text, "if(" + present + ", " + text + ", NULL)");
    }

    static PropertyColumns of(Property property, Parameters parameters) {
        return switch (property) {
            case Property.EventType _ -> ofColumn("event_type");
            case Property.Identity identity -> ofColumn(identity.column());
            case Property.Context context -> ofColumn(context.field().column());
            case Property.Sent sent -> ofMaps("props", parameters.text(sent.name()));
            case Property.Trait trait -> ofMaps("user", parameters.text(trait.name()));
        };
    }

    private static PropertyColumns ofColumn(String column) {
        return new PropertyColumns(column + " != ''", "toString(" + column + ")", column);
    }

    private static PropertyColumns ofMaps(String maps, String key) {
        String isText = "mapContains(" + maps + "_str, " + key + ")";
        String isNumber = "mapContains(" + maps + "_num, " + key + ")";
        String isFlag = "mapContains(" + maps + "_bool, " + key + ")";
        // Adding 0 makes the negative zero a zero.
        return new PropertyColumns(
                "(" + isText + " OR " + isNumber + " OR " + isFlag + ")",
                "multiIf(" + isText + ", " + maps + "_str[" + key + "], " + isNumber + ", toString(" + maps + "_num["
                        + key + "] + 0), " + isFlag + ", toString(" + maps + "_bool[" + key + "]), '')");
    }

    /** Whether an absent value is kept as an empty text, which no event has as its value. */
    static boolean isEmptyWhereAbsent(Property property) {
        return switch (property) {
            case Property.EventType _, Property.Identity _, Property.Context _ -> true;
            case Property.Sent _, Property.Trait _ -> false;
        };
    }

    /** The value as a 64-bit hash, meaningful only where present. */
    String hash() {
        return hash(text);
    }

    static String hash(String text) {
        return "reinterpretAsInt64(sipHash64(" + text + "))";
    }

    /** The value as text, null where the event lacks it. */
    String orNull() {
        return "if(" + present + ", " + text + ", NULL)";
    }
}
