package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.TimeSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The commands against a real server with a real engine; each ends what it started. */
@Tag("integration")
final class CrashSafetyTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter progress = new StringWriter();
    private final CommandLine commandLine =
            Main.commandLine(TimeSource.system()).setOut(new PrintWriter(out)).setErr(new PrintWriter(progress, true));

    @Test
    @Timeout(300)
    void losesAndDoublesNothingWhenServerAndEngineAreKilled() {
        int code = commandLine.execute("crashtest", "--rounds", "3", "--seed", "1", "--json");
        assertThat(code).as("%s%n%s", out, progress).isZero();
        assertThat(out.toString().strip())
                .matches("\\{\"rounds\":3,\"acknowledged\":[1-9]\\d{2,},\"lost\":0,\"duplicated\":0,"
                        + "\"rollup_mismatches\":0}");
        assertThat(progress.toString())
                .contains("killed server")
                .contains("killed engine")
                .contains("killed both");
    }

    @Test
    @Timeout(240)
    void measuresIngestUntilEverythingIsQueryable() {
        int code = commandLine.execute(
                "bench",
                "ingest",
                "--seconds",
                "2",
                "--warm-up",
                "1",
                "--rate",
                "5000",
                "--connections",
                "4",
                "--json");
        assertThat(code).as("%s%n%s", out, progress).isZero();
        assertThat(out.toString().strip())
                .matches(
                        "\\{\"events_per_second\":[\\d.]+,\"ack_p50_ms\":[\\d.]+,\"ack_p99_ms\":[\\d.]+,"
                                + "\"queryable_p99_ms\":[\\d.]+,\"accepted\":10000,\"stored\":10000,\"bytes_per_event\":[\\d.]+}");
    }

    @Test
    @Timeout(240)
    void measuresLiveDashboardsAndFindsNoWrongNumber() throws Exception {
        int code = commandLine.execute(
                "bench",
                "live",
                "--viewers",
                "60",
                "--dashboards",
                "12",
                "--events-per-second",
                "300",
                "--batch",
                "10",
                "--seconds",
                "3",
                "--settle",
                "1",
                "--tenants",
                "2",
                "--connections",
                "4",
                "--compare",
                "12",
                "--json");
        assertThat(code).as("%s%n%s", out, progress).isZero();
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(result.path("connected").asInt()).isEqualTo(60);
        assertThat(result.path("dropped_viewers").asInt()).isZero();
        assertThat(result.path("wrong").asInt()).isZero();
        assertThat(result.path("verified_dashboards").asInt()).isEqualTo(12);
        assertThat(result.path("frames_per_second").asDouble()).isPositive();
        assertThat(result.path("freshness_p99_ms").asDouble()).isPositive();
        assertThat(result.path("server_rss_mb").asInt()).isPositive();
    }
}
