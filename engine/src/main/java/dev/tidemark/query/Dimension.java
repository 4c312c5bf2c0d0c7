package dev.tidemark.query;

import java.util.function.Function;

/**
 * A column that rows are grouped by, made of a property.
 *
 * @param value SQL of it, given that of the property, which may stand in the events or in rows made of them
 */
record Dimension(String alias, Property property, Function<PropertyColumns, String> value) {}
