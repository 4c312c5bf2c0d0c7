package dev.tidemark.host;

/** Why the engine cannot run here, in one line for the operator. */
final class HostException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    HostException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
