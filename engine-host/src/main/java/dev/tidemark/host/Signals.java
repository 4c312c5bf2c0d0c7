package dev.tidemark.host;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The signals of this process, through the C library: the numbers are the same on Linux and macOS. */
final class Signals {
    private static final int[] OF_THE_GROUP = {1, 2, 15}; // SIGHUP, SIGINT, SIGTERM
    private static final MemorySegment IGNORE = MemorySegment.ofAddress(1); // SIG_IGN

    private Signals() {}

    /** Ignores what a terminal or service manager sends to every process of a group. */
    @SuppressWarnings("restricted")
    static void ignoreThoseOfTheGroup() throws HostException {
        Linker linker = Linker.nativeLinker();
        MethodHandle signal = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("signal"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try {
            for (int number : OF_THE_GROUP) {
                MemorySegment before = (MemorySegment) signal.invokeExact(number, IGNORE);
            }
        } catch (Throwable failure) {
            throw new HostException(EngineHost.EXIT_ENGINE, "signals cannot be ignored: " + failure);
        }
    }
}
