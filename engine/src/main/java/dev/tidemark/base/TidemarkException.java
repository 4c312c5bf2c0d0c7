package dev.tidemark.base;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one failure type of the project. The message is shown to callers and holds no secret and no internal path. */
public final class TidemarkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String field;
    private final transient @Nullable Exceeded exceeded;

    public TidemarkException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    /** With the JSON path of the offending field, as in {@code measures[1].property}. */
    public TidemarkException(ErrorCode code, String message, @Nullable String field) {
        this(code, message, field, null);
    }

    public TidemarkException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    private TidemarkException(ErrorCode code, String message, @Nullable String field, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = field;
        this.exceeded = null;
    }

    /** Of a limit that was reached. */
    public TidemarkException(ErrorCode code, String message, Exceeded exceeded) {
        super(message);
        this.code = code;
        this.field = null;
        this.exceeded = exceeded;
    }

    public ErrorCode code() {
        return code;
    }

    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** The limit that was reached, where one was. */
    public Optional<Exceeded> exceeded() {
        return Optional.ofNullable(exceeded);
    }

    /** The message as it is shown to callers; never null. */
    public String detail() {
        String message = getMessage();
        return message == null ? code.wireName() : message;
    }
}
