package dev.tidemark.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host checks before it loads the library. */
final class MachineTest {
    @TempDir
    private Path directory;

    @Test
    void knowsThePlatformThatALibraryWasBuiltFor() {
        assertThat(Machine.builtFor(elf(0x3e))).isEqualTo("linux x86_64");
        assertThat(Machine.builtFor(elf(0xb7))).isEqualTo("linux aarch64");
        assertThat(Machine.builtFor(elf(0x28))).isEqualTo("another linux architecture");
        assertThat(Machine.builtFor(machO(0x07))).isEqualTo("macos x86_64");
        assertThat(Machine.builtFor(machO(0x0c))).isEqualTo("macos aarch64");
        assertThat(Machine.builtFor(new byte[3])).isEqualTo("no known platform");
        assertThat(Machine.builtFor(new byte[64])).isEqualTo("no known platform");
    }

    @Test
    void findsAvx2AmongTheFlagsOfEveryProcessor() throws IOException {
        Path able = Files.writeString(
                directory.resolve("able"), "flags\t\t: fpu avx avx2 sse\nmodel : x\nflags\t\t: fpu avx2\n");
        Path unable =
                Files.writeString(directory.resolve("unable"), "flags\t\t: fpu avx2\nflags\t\t: fpu avx avx2_not\n");
        assertThat(Machine.supportsAvx2(able)).isTrue();
        assertThat(Machine.supportsAvx2(unable)).isFalse();
        assertThat(Machine.supportsAvx2(directory.resolve("missing"))).isTrue();
    }

    @Test
    void aMissingLibraryHasAnExitCodeOfItsOwn() {
        assertThatThrownBy(() -> Machine.requireAbleToRun(directory.resolve("none.so")))
                .isInstanceOfSatisfying(
                        HostException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(EngineHost.EXIT_LIBRARY));
    }

    @Test
    void aForeignLibraryHasAnExitCodeOfItsOwn() throws IOException {
        Path foreign = Files.write(directory.resolve("foreign.so"), elf(0x28));
        assertThatThrownBy(() -> Machine.requireAbleToRun(foreign))
                .isInstanceOfSatisfying(
                        HostException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(EngineHost.EXIT_ARCHITECTURE));
    }

    private static byte[] elf(int machine) {
        byte[] header = new byte[64];
        header[0] = 0x7f;
        header[1] = 'E';
        header[2] = 'L';
        header[3] = 'F';
        header[18] = (byte) machine;
        return header;
    }

    private static byte[] machO(int processor) {
        byte[] header = new byte[64];
        header[0] = (byte) 0xcf;
        header[1] = (byte) 0xfa;
        header[2] = (byte) 0xed;
        header[3] = (byte) 0xfe;
        header[4] = (byte) processor;
        header[7] = 1;
        return header;
    }
}
