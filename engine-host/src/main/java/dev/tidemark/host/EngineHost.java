package dev.tidemark.host;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Hosts the analytical engine as a process of its own: {@code EngineHost LIBRARY ENGINE_ARGUMENT...}.
 *
 * <p>Its standard input is the life line: the first line says how to end the engine's own session (see {@link LifeLine}), and the
 * end of the stream ends the process. Signals that a terminal or service manager sends to the whole group are ignored, because
 * the server at the other end of the life line decides when the engine may go. The process always ends by halting: an orderly
 * exit would run the library's static destructors against live threads.
 */
public final class EngineHost {
    /** The arguments are wrong. */
    public static final int EXIT_USAGE = 64;
    /** The library is not there or cannot be loaded. */
    public static final int EXIT_LIBRARY = 65;
    /** The library was built for another processor architecture. */
    public static final int EXIT_ARCHITECTURE = 66;
    /** The processor lacks instructions that the engine needs. */
    public static final int EXIT_PROCESSOR = 67;
    /** The data folder cannot be read or written. */
    public static final int EXIT_DATA = 68;
    /** The engine ended by itself; its own words are on the standard error. */
    public static final int EXIT_ENGINE = 70;

    private EngineHost() {}

    /** Runs until the life line or the engine ends. */
    public static void main(String[] arguments) {
        if (arguments.length < 2) {
            end(EXIT_USAGE, "usage: EngineHost LIBRARY ENGINE_ARGUMENT...");
        }
        LifeLine lifeLine = new LifeLine(System.in);
        lifeLine.start();
        Path library = Path.of(arguments[0]);
        try {
            Signals.ignoreThoseOfTheGroup();
            Machine.requireAbleToRun(library);
            EngineLibrary engine = EngineLibrary.load(library);
            List<String> engineArguments = Arrays.asList(arguments).subList(1, arguments.length);
            DataFolder folder = DataFolder.of(engineArguments);
            lifeLine.engineStarts();
            engine.run(engineArguments);
            folder.close();
        } catch (HostException failure) {
            end(failure.exitCode(), String.valueOf(failure.getMessage()));
        }
        if (lifeLine.ended()) {
            Runtime.getRuntime().halt(0);
        }
        end(EXIT_ENGINE, "the engine ended by itself");
    }

    private static void end(int exitCode, String message) {
        System.err.println("engine-host: " + message);
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }
}
