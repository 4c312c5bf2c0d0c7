package dev.tidemark.query;

import dev.tidemark.store.Parameters;

/**
 * The numbers of a sent property or trait in SQL.
 *
 * @param present whether the event has a number there
 * @param number that, meaningful only where present
 */
record NumberColumn(String present, String number) {

    static NumberColumn of(Property property, Parameters parameters) {
        String path = property.path();
        String key = parameters.text(path.substring(path.indexOf('.') + 1));
        String map = property instanceof Property.Sent ? "props_num" : "user_num";
        return new NumberColumn("mapContains(" + map + ", " + key + ")", map + "[" + key + "]");
    }
}
