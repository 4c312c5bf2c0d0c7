package dev.tidemark.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the engine asks of the machine, checked before the library is loaded so that the answer is a sentence, not a crash. */
final class Machine {
    private static final int ELF_MACHINE_OFFSET = 18;
    private static final int HEADER_BYTES = 20;
    private static final int ELF_MAGIC = 0x464c457f;
    private static final int MACH_O_MAGIC = 0xfeedfacf;

    private Machine() {}

    static void requireAbleToRun(Path library) throws HostException {
        if (!Files.isRegularFile(library)) {
            throw new HostException(EngineHost.EXIT_LIBRARY, "the engine's library is missing: " + library);
        }
        String processor = processor();
        String built = builtFor(header(library));
        if (!built.equals(processor)) {
            throw new HostException(
                    EngineHost.EXIT_ARCHITECTURE,
                    "the engine's library is for " + built + ", this machine is " + processor + ": " + library);
        }
        if (processor.equals("linux x86_64") && !supportsAvx2(Path.of("/proc/cpuinfo"))) {
            throw new HostException(
                    EngineHost.EXIT_PROCESSOR,
                    "the engine needs a processor with AVX2, and this one has none; use an external ClickHouse (--clickhouse-url)");
        }
    }

    /** The operating system and architecture a library's first bytes name. */
    static String builtFor(byte[] header) {
        if (header.length < HEADER_BYTES) {
            return "no known platform";
        }
        ByteBuffer bytes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int magic = bytes.getInt(0);
        if (magic == ELF_MAGIC) {
            return switch (bytes.getShort(ELF_MACHINE_OFFSET)) {
                case 0x3e -> "linux x86_64";
                case 0xb7 -> "linux aarch64";
                default -> "another linux architecture";
            };
        }
        if (magic == MACH_O_MAGIC) {
            return switch (bytes.getInt(4)) {
                case 0x0100_0007 -> "macos x86_64";
                case 0x0100_000c -> "macos aarch64";
                default -> "another macos architecture";
            };
        }
        return "no known platform";
    }

    /** Whether every processor that the file of Linux lists has the instructions; an unreadable file is given the benefit. */
    static boolean supportsAvx2(Path cpuInfo) {
        try {
            List<String> flags = Files.readAllLines(cpuInfo).stream()
                    .filter(line -> line.startsWith("flags"))
                    .toList();
            return flags.stream().allMatch(line -> List.of(line.split("\\s+")).contains("avx2"));
        } catch (IOException unreadable) {
            return true;
        }
    }

    private static byte[] header(Path library) throws HostException {
        try (InputStream input = Files.newInputStream(library)) {
            return input.readNBytes(HEADER_BYTES);
        } catch (IOException unreadable) {
            throw new HostException(
                    EngineHost.EXIT_LIBRARY,
                    "the engine's library cannot be read: " + library + ": " + unreadable.getMessage());
        }
    }

    private static String processor() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch");
        return (system.contains("mac") ? "macos" : system) + " "
                + (architecture.equals("amd64") ? "x86_64" : architecture);
    }
}
