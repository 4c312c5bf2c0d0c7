package dev.tidemark.query;

import dev.tidemark.base.ContextField;
import java.util.Optional;

/** Something of an event that filters, breakdowns and measures look at. */
public sealed interface Property {

    /** As it is written in questions, as in {@code properties.amount} or {@code country}. */
    String path();

    /** The type of the event. */
    record EventType() implements Property {
        @Override
        public String path() {
            return "event_type";
        }
    }

    /** One of the ids: {@code user_id}, {@code anonymous_id} or {@code session_id}; absent where empty. */
    record Identity(String column) implements Property {
        @Override
        public String path() {
            return column;
        }
    }

    /** A circumstance of the event, always text; absent where empty. */
    record Context(ContextField field) implements Property {
        @Override
        public String path() {
            return field.column();
        }
    }

    /** A property that was sent with the event; nested names are joined by dots. Of any type. */
    record Sent(String name) implements Property {
        @Override
        public String path() {
            return SENT + name;
        }
    }

    /** A trait of the user as of the event. Of any type. */
    record Trait(String name) implements Property {
        @Override
        public String path() {
            return TRAIT + name;
        }
    }

    String SENT = "properties.";
    String TRAIT = "user.";

    /** The property of a path; empty when the path is of none. */
    static Optional<Property> parse(String path) {
        if (path.startsWith(SENT) && path.length() > SENT.length()) {
            return Optional.of(new Sent(path.substring(SENT.length())));
        }
        if (path.startsWith(TRAIT) && path.length() > TRAIT.length()) {
            return Optional.of(new Trait(path.substring(TRAIT.length())));
        }
        return switch (path) {
            case "event_type" -> Optional.of(new EventType());
            case "user_id", "anonymous_id", "session_id" -> Optional.of(new Identity(path));
            default -> {
                for (ContextField field : ContextField.values()) {
                    if (field.column().equals(path)) {
                        yield Optional.of(new Context(field));
                    }
                }
                yield Optional.empty();
            }
        };
    }
}
