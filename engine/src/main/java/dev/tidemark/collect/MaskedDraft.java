package dev.tidemark.collect;

import dev.tidemark.base.ContextField;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Moves what was sent into a draft, through the masking rules of its tenant; nothing reaches a draft any other way. */
final class MaskedDraft {
    private static final RawContext[] CONTEXT = RawContext.values();

    private final Draft draft;
    private final RawEvent raw;
    private final MaskingRules rules;
    private final boolean asSent;

    MaskedDraft(Draft draft) {
        this.draft = draft;
        this.raw = draft.raw;
        this.rules = draft.intake.masking();
        this.asSent = rules.isEmpty();
    }

    void fill() {
        for (RawContext which : CONTEXT) {
            ContextField column = which.column();
            if (column != null) {
                draft.put(column, context(which));
            }
        }
        draft.pageUrl = context(RawContext.PAGE_URL);
        draft.pagePath = context(RawContext.PAGE_PATH);
        draft.referrer = context(RawContext.REFERRER);
        library();
        if (!draft.anonymous) {
            caller();
        }
        if (asSent) {
            draft.properties = raw.properties;
            draft.traits = raw.traits;
            return;
        }
        draft.type = rules.nameOf(draft.type);
        draft.id = new dev.tidemark.base.EventId(Texts.head(rules.identifier(draft.id.value()), Limits.ID_CHARS));
        draft.userId = rules.text("user_id", draft.userId);
        draft.anonymousId = rules.text("anonymous_id", draft.anonymousId);
        draft.sessionId = rules.text("session_id", draft.sessionId);
        draft.properties = rules.attributes("properties", raw.properties, aliases());
        draft.traits = rules.attributes("traits", raw.traits, UnaryOperator.identity());
    }

    private void library() {
        String version = context(RawContext.LIBRARY_VERSION);
        if (version != null) {
            draft.context.computeIfPresent(ContextField.SDK, (_, name) -> name + '/' + version);
        }
    }

    /** The IP address and user agent of the person, which are never stored themselves. */
    private void caller() {
        String address = draft.intake.trusted() ? raw.context(RawContext.IP) : draft.intake.address();
        String agent = raw.context(RawContext.USER_AGENT);
        agent = agent == null ? draft.intake.userAgent() : agent;
        draft.address = masked(RawContext.IP, address);
        draft.userAgent = masked(RawContext.USER_AGENT, agent);
    }

    private @Nullable String context(RawContext which) {
        return masked(which, raw.context(which));
    }

    private @Nullable String masked(RawContext which, @Nullable String value) {
        if (asSent || value == null) {
            return value;
        }
        String kept = rules.text(which.field(), which.path(), value);
        String source = raw.pageProperty(which);
        return source == null ? kept : rules.text(source, kept);
    }

    /** Paths under which a caller knows what is a property here. */
    private UnaryOperator<String> aliases() {
        return switch (raw.described) {
            case "traits" ->
                field -> field.startsWith("properties.group.")
                        ? "traits." + field.substring("properties.group.".length())
                        : field;
            default -> field -> "alias".equals(raw.type) && field.equals("properties.previous_id") ? "user_id" : field;
        };
    }
}
