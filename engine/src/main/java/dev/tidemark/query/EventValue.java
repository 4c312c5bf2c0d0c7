package dev.tidemark.query;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.Event;
import dev.tidemark.store.StoredEvent;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The properties of an event in memory, as {@link PropertyColumns} has them of one in the store. */
final class EventValue {
    private static final double PLAIN_FROM = 1e-6;
    private static final double PLAIN_BELOW = 1e21;

    private EventValue() {}

    /** Null where the event lacks the property. The negative zero is the positive one. */
    static @Nullable Scalar of(Property property, StoredEvent stored) {
        Event event = stored.event();
        return switch (property) {
            case Property.EventType _ -> new Scalar.Text(event.type());
            case Property.Identity(String column) ->
                text(
                        switch (column) {
                            case "user_id" -> event.userId();
                            case "anonymous_id" -> event.anonymousId();
                            default -> event.sessionId();
                        });
            case Property.Context context -> text(event.context().get(context.field()));
            case Property.Sent sent -> attribute(event.properties(), sent.name());
            case Property.Trait trait -> attribute(stored.userTraits(), trait.name());
        };
    }

    /** The number of a property; NaN where it has none. */
    static double number(Property property, StoredEvent event) {
        return of(property, event) instanceof Scalar.Numeric numeric ? numeric.value() : Double.NaN;
    }

    /** The value as the engine writes it as text. */
    static String text(Scalar value) {
        return switch (value) {
            case Scalar.Text text -> text.value();
            case Scalar.Numeric number -> text(number.value());
            case Scalar.Flag flag -> Boolean.toString(flag.value());
        };
    }

    /** The shortest decimals that read back as the same number; with an exponent below 10^-6 and from 10^21 on. */
    static String text(double number) {
        if (number == 0) {
            return "0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        double magnitude = Math.abs(number);
        if (magnitude >= PLAIN_FROM && magnitude < PLAIN_BELOW) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        return (number < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + "e"
                + exponent;
    }

    private static @Nullable Scalar text(@Nullable String text) {
        return text == null || text.isEmpty() ? null : new Scalar.Text(text);
    }

    private static @Nullable Scalar attribute(Attributes attributes, String name) {
        String text = attributes.strings().get(name);
        if (text != null) {
            return new Scalar.Text(text);
        }
        Double number = attributes.numbers().get(name);
        if (number != null) {
            return new Scalar.Numeric(number + 0.0);
        }
        Boolean flag = attributes.booleans().get(name);
        return flag == null ? null : new Scalar.Flag(flag);
    }
}
