package dev.tidemark.host;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The two functions of the engine's shared library that the host needs. Loaded once and never unloaded. */
final class EngineLibrary {
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final long ENGINE_STACK_BYTES = 16L << 20;

    private final MethodHandle setSignalHandlersEnabled;
    private final MethodHandle queryCommandLine;

    private EngineLibrary(MethodHandle setSignalHandlersEnabled, MethodHandle queryCommandLine) {
        this.setSignalHandlersEnabled = setSignalHandlersEnabled;
        this.queryCommandLine = queryCommandLine;
    }

    @SuppressWarnings("restricted")
    static EngineLibrary load(Path path) throws HostException {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(path, Arena.global());
            Linker linker = Linker.nativeLinker();
            return new EngineLibrary(
                    linker.downcallHandle(
                            symbols.findOrThrow("chdb_set_signal_handlers_enabled"),
                            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)),
                    linker.downcallHandle(
                            symbols.findOrThrow("chdb_query_cmdline"),
                            FunctionDescriptor.of(POINTER, ValueLayout.JAVA_INT, POINTER)));
        } catch (IllegalArgumentException | NoSuchElementException unusable) {
            throw new HostException(
                    EngineHost.EXIT_LIBRARY,
                    "the engine's library cannot be loaded: " + path + ": " + unusable.getMessage());
        }
    }

    /** Runs the engine's command line until it ends. Its failures appear on the standard error only. */
    void run(List<String> arguments) throws HostException {
        Failure failure = new Failure();
        Thread engine = new Thread(null, () -> failure.cause = invoke(arguments), "engine", ENGINE_STACK_BYTES);
        engine.start();
        try {
            engine.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.cause != null) {
            throw new HostException(EngineHost.EXIT_ENGINE, "the engine could not be called: " + failure.cause);
        }
    }

    private @Nullable Throwable invoke(List<String> arguments) {
        Arena arena = Arena.global();
        MemorySegment pointers = arena.allocate(POINTER, arguments.size() + 2L);
        pointers.setAtIndex(POINTER, 0, arena.allocateFrom("clickhouse"));
        for (int i = 0; i < arguments.size(); i++) {
            pointers.setAtIndex(POINTER, i + 1L, arena.allocateFrom(arguments.get(i)));
        }
        try {
            setSignalHandlersEnabled.invokeExact(0);
            MemorySegment ignored = (MemorySegment) queryCommandLine.invokeExact(arguments.size() + 1, pointers);
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    /** Carries what the engine's thread threw. */
    private static final class Failure {
        volatile @Nullable Throwable cause;
    }
}
