package dev.tidemark.bench;

import java.io.IOException;

/** What an engine answers instead of running a statement, or instead of its end. */
final class EngineRefusal extends IOException {
    static final long OUT_OF_MEMORY = 241;

    private static final long serialVersionUID = 1L;

    private final long code;

    /**
     * Made of the engine's answer.
     *
     * @param code the engine's number for the kind of failure; 0 where it gave none
     */
    EngineRefusal(long code, String message) {
        super(message);
        this.code = code;
    }

    long code() {
        return code;
    }
}
