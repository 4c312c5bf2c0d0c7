package dev.tidemark.operate;

/** How one part of the server is. */
public sealed interface PartState {
    PartState READY = new Ready();

    /** It works. */
    record Ready() implements PartState {}

    /** It works, and somebody should look at it. */
    record Warning(String text) implements PartState {}

    /** It does not work now. */
    record NotReady(String reason) implements PartState {}
}
