package dev.tidemark.store;

/** Where the supervised engine stands. */
public enum EngineState {
    STARTING,
    READY,
    /** It ended or does not answer, and is about to be started again. */
    RESTARTING,
    STOPPING,
    STOPPED
}
