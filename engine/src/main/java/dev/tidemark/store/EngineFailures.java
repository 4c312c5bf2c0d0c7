package dev.tidemark.store;

import com.clickhouse.client.api.ServerException;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.net.ConnectException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what an engine's failure means to a caller. */
final class EngineFailures {
    private static final Logger LOG = LoggerFactory.getLogger(EngineFailures.class);
    private static final Set<Integer> DISK_FULL = Set.of(243);
    private static final Set<Integer> UNAVAILABLE = Set.of(209, 210, 236, 242, 319, 341, 425, 439, 516, 999);
    private static final Set<Integer> TOO_EXPENSIVE = Set.of(158, 159, 160, 191, 241, 307, 394, 396);
    private static final Set<Integer> OVERLOADED = Set.of(202, 203, 252);

    private EngineFailures() {}

    static TidemarkException ofQuery(RuntimeException failure) {
        ServerException server = serverCause(failure);
        if (server == null) {
            return new TidemarkException(
                    ErrorCode.ENGINE_UNAVAILABLE, "the analytical engine does not answer", failure);
        }
        int code = server.getCode();
        if (TOO_EXPENSIVE.contains(code)) {
            return new TidemarkException(
                    ErrorCode.QUERY_TOO_EXPENSIVE,
                    switch (code) {
                        case 158, 396 -> "the question's result has too many rows; narrow it";
                        case 241 -> "the question needs too much memory; narrow its range, filter or breakdown";
                        default -> "the question takes too long; narrow its range, filter or breakdown";
                    },
                    failure);
        }
        return common(server, failure, ErrorCode.INTERNAL, "the analytical engine refused the statement");
    }

    static TidemarkException ofSetup(RuntimeException failure) {
        ServerException server = serverCause(failure);
        if (server == null) {
            return new TidemarkException(
                    ErrorCode.ENGINE_UNAVAILABLE, "the analytical engine does not answer", failure);
        }
        return common(
                server, failure, ErrorCode.INVALID_CONFIGURATION, "the engine's tables cannot be brought up to date");
    }

    static TidemarkException ofInsert(RuntimeException failure) {
        ServerException server = serverCause(failure);
        if (server == null) {
            return new TidemarkException(
                    ErrorCode.ENGINE_UNAVAILABLE, "the analytical engine does not answer", failure);
        }
        if (server.getCode() == 241 || server.getCode() == 159) {
            return new TidemarkException(
                    ErrorCode.ENGINE_UNAVAILABLE, "the analytical engine has no room for the block now", failure);
        }
        return common(server, failure, ErrorCode.STORAGE_FAILED, "the analytical engine refused the block");
    }

    /** Whether the engine may be working on the statement although its caller has given it up. */
    static boolean mayStillRun(RuntimeException failure) {
        if (serverCause(failure) != null) {
            return false;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return false;
            }
        }
        return true;
    }

    private static TidemarkException common(
            ServerException server, RuntimeException failure, ErrorCode otherwise, String message) {
        int code = server.getCode();
        if (DISK_FULL.contains(code) || says(server, "No space left on device")) {
            return new TidemarkException(ErrorCode.DISK_FULL, "the analytical engine's disk is full", failure);
        }
        if (OVERLOADED.contains(code)) {
            return new TidemarkException(ErrorCode.OVERLOADED, "the analytical engine has too much to do", failure);
        }
        if (UNAVAILABLE.contains(code) || code <= 0) {
            return new TidemarkException(
                    ErrorCode.ENGINE_UNAVAILABLE,
                    "the analytical engine cannot do it now (code " + code + ")",
                    failure);
        }
        LOG.atError()
                .addKeyValue("code", code)
                .addKeyValue("says", server.getMessage())
                .log(message);
        return new TidemarkException(otherwise, message + " (code " + code + ")", failure);
    }

    private static boolean says(ServerException server, String words) {
        String message = server.getMessage();
        return message != null && message.contains(words);
    }

    private static @Nullable ServerException serverCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServerException server) {
                return server;
            }
        }
        return null;
    }
}
