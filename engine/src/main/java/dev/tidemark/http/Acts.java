package dev.tidemark.http;

/** Writes down what is done through administrative routes. Blocking; thread-safe. */
@FunctionalInterface
public interface Acts {
    /** Writes nothing down. */
    Acts UNWRITTEN = (_, _) -> (_, _) -> {};

    /**
     * Notes durably that a call is about to be answered. Where this fails, the call is refused, so that nothing is done unnoticed. A call of
     * nobody known is noted when it has ended.
     *
     * @param route method and path, as in {@code PUT /api/v1/settings}
     */
    Open begin(Call call, String route);

    /** An act that is under way. */
    @FunctionalInterface
    interface Open {
        /** Notes how it ended, durably. */
        void end(Reply reply, Change change);
    }
}
