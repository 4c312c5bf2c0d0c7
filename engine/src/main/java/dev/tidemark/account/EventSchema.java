package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schema (2020-12) of the properties of one event type, one version of it.
 *
 * @param version 1, 2, ... within the event type; the highest is in force
 * @param compatibility what the next version must be like; null for what the tenant has chosen for all of its schemas
 */
public record EventSchema(
        TenantId tenant,
        String eventType,
        int version,
        Mode mode,
        @Nullable Compatibility compatibility,
        String json) {
    /** What a violation leads to. */
    public enum Mode {
        OFF,
        /** The event is stored and the violation counted. */
        WARN,
        /** The event goes to the dead letters. */
        ENFORCE
    }

    /** What a version must be like beside the one before. */
    public enum Compatibility {
        /** It accepts whatever the one before accepts. */
        BACKWARD,
        /** Anything goes. */
        NONE;

        /** As it is written, in lower case; a failure names the field. */
        public static Compatibility of(String text, String field) {
            for (Compatibility each : values()) {
                if (each.wireName().equals(text)) {
                    return each;
                }
            }
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be backward or none", field);
        }

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
