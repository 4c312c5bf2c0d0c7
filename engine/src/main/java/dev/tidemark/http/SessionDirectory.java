package dev.tidemark.http;

import java.util.Optional;

/** Recognises sessions by what their cookie holds. Never blocks. Thread-safe. */
public interface SessionDirectory {
    /** Knows nobody. */
    SessionDirectory NONE = (_, _) -> Optional.empty();

    /**
     * The session of a cookie, while it is good.
     *
     * @param used whether this is something that the person does, which keeps an idle session from ending
     */
    Optional<Caller.SignedIn> find(String cookie, boolean used);
}
