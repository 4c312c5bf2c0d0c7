package dev.tidemark.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What some processes have used.
 *
 * @param processor time of all their threads since they began
 * @param residentBytes memory that they hold now
 */
record ProcessUsage(Duration processor, long residentBytes) {

    static ProcessUsage of(List<ProcessHandle> processes) {
        Duration processor = Duration.ZERO;
        long resident = 0;
        for (ProcessHandle process : processes) {
            processor = processor.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
            resident += resident(process.pid());
        }
        return new ProcessUsage(processor, resident);
    }

    /** Processors in use since an earlier moment. */
    double coresSince(ProcessUsage earlier, Duration between) {
        return (double) processor.minus(earlier.processor).toNanos() / between.toNanos();
    }

    private static long resident(long pid) {
        try {
            Path status = Path.of("/proc", Long.toString(pid), "status");
            if (Files.exists(status)) {
                return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> kibibytes(line.substring(6)))
                        .findFirst()
                        .orElse(0);
            }
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            return kibibytes(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("the memory of a process is not to be seen", e);
        }
    }

    private static long kibibytes(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) << 10;
    }
}
