package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A data directory on a file system that fills up. Needs the right to mount one. */
@Timeout(300)
final class DiskFullTest {
    private static final int FILLER_BYTES = 200 << 20;

    @TempDir
    Path directory;

    private Path disk;

    @BeforeEach
    void mountASmallDisk() throws IOException, InterruptedException {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", disk.toString()) == 0,
                "mounting a small file system needs root on Linux");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", "-l", disk.toString());
    }

    @Test
    void aFullDiskIsAnsweredWith503AndNothingAcknowledgedIsLost() throws Exception {
        Path config = Files.writeString(directory.resolve("tidemark.yaml"), "journal: {disk-reserve: 300MiB}");
        try (TestedServer server =
                TestedServer.start(disk.resolve("data"), "--no-demo", "--config", config.toString())) {
            int acknowledged = send(server, 0);
            Path filler = disk.resolve("filler");
            fillUntilRefused(server, filler);

            TestedServer.Answer refused = server.post("/api/v1/events", "{\"event_type\":\"order\"}");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.retryAfter()).isNotEmpty();
            assertThat(refused.json().path("code").asText()).isEqualTo("disk_full");
            assertThat(server.awaitAnswer("/health/ready", answer -> answer.status() == 503)
                            .json()
                            .path("parts")
                            .path("journal")
                            .path("status")
                            .asText())
                    .isEqualTo("not_ready");

            Files.delete(filler);
            server.awaitAnswer("/health/ready", answer -> answer.status() == 200);
            acknowledged += send(server, acknowledged);
            long all = acknowledged;
            TestedServer.await("all that was acknowledged is there", () -> server.count("order") >= all);
            assertThat(server.count("order")).isEqualTo(all);
        }
    }

    private static void fillUntilRefused(TestedServer server, Path filler) throws IOException, InterruptedException {
        byte[] block = new byte[4 << 20];
        try (var out = Files.newOutputStream(filler)) {
            for (int written = 0; written < FILLER_BYTES * 2; written += block.length) {
                if (Files.getFileStore(filler).getUsableSpace() < (280L << 20)) {
                    break;
                }
                out.write(block);
            }
        }
        server.awaitAnswer("/health/ready", answer -> answer.status() == 503);
    }

    private static int send(TestedServer server, int from) throws IOException, InterruptedException {
        int sent = 0;
        for (int request = 0; request < 20; request++) {
            StringBuilder batch = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                batch.append(batch.isEmpty() ? "" : ",")
                        .append("{\"event_type\":\"order\",\"event_id\":\"o-")
                        .append(from + sent + i)
                        .append("\"}");
            }
            assertThat(server.post("/api/v1/events", "{\"batch\":[" + batch + "]}")
                            .status())
                    .isEqualTo(202);
            sent += 50;
        }
        return sent;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
