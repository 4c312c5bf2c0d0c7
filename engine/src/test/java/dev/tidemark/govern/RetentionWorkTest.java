package dev.tidemark.govern;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RetentionWorkTest {
    @TempDir
    Path directory;

    private GovernFixture with;

    @BeforeEach
    void open() {
        with = new GovernFixture(directory);
        with.server.time.advance(
                Duration.between(with.server.time.instant(), TimeSource.system().instant()));
        for (int age : List.of(2, 20, 40)) {
            String at = with.server.time.instant().minus(Duration.ofDays(age)).toString();
            with.ok(
                    "POST",
                    "/api/v1/events",
                    "{'batch':[{'event_type':'view','timestamp':'" + at + "'},{'event_type':'buy','timestamp':'" + at
                            + "'}]}");
        }
        with.settle();
    }

    @AfterEach
    void close() {
        with.close();
    }

    @Test
    void whatIsStoredFollowsAChangeInTheEventsAndInTheRollups() {
        apply("{'retention_days':30,'retention_days_by_type':{'view':10}}");
        assertThat(counts()).isEqualTo("view 1, buy 2 / view 1, buy 2");
        assertThat(with.count(Table.EVENTS, "countIf(event_type = 'view' AND expires_on != toDate(ts, 'UTC') + 10)"))
                .isZero();
        assertThat(with.count(
                        Table.ROLLUP_HOUR, "countIf(event_type = 'buy' AND expires_on != toDate(bucket, 'UTC') + 30)"))
                .isZero();
        assertThat(with.forgotten).contains(with.tenant);

        apply("{'retention_days':null,'retention_days_by_type':{}}");
        assertThat(counts()).as("what is gone is gone").isEqualTo("view 1, buy 2 / view 1, buy 2");
        assertThat(with.count(Table.EVENTS, "countIf(toUInt16(expires_on) != 65535)"))
                .isZero();
    }

    @Test
    void noQuestionSeesWhatIsOverBeforeAnyMergeHasRemovedIt() {
        with.settings("{'retention_days_by_type':{'old':10}}");
        String at = with.server.time.instant().minus(Duration.ofDays(9)).toString();
        with.ok("POST", "/api/v1/events", "{'event_type':'old','timestamp':'" + at + "'}");
        with.settle();
        assertThat(with.count(Table.EVENTS, "countIf(event_type = 'old')")).isEqualTo(1);
        with.upkeep.retain(
                new dev.tidemark.store.Retention(with.tenant, null, java.util.Map.of("old", 3650)), Table.EVENTS);
        with.upkeep.retain(
                new dev.tidemark.store.Retention(with.tenant, null, java.util.Map.of("old", 10)), Table.ROLLUP_HOUR);
        assertThat(with.count(Table.EVENTS, "countIf(event_type = 'old')")).isEqualTo(1);
        assertThat(with.store
                        .query(
                                with.tenant,
                                dev.tidemark.store.Select.from(
                                                Table.EVENTS, new dev.tidemark.store.Parameters(with.tenant))
                                        .column("count()", "n")
                                        .build())
                        .longAt(0, 0))
                .isEqualTo(7);
        assertThat(dev.tidemark.store.Select.from(Table.ROLLUP_HOUR, new dev.tidemark.store.Parameters(with.tenant))
                        .column("count()", "n")
                        .build()
                        .sql())
                .contains("expires_on > toDate(now('UTC'))");
    }

    @Test
    void aChangeThatACrashKeptFromBeingAppliedIsFoundAtTheStart() {
        with.server.accounts.onSettings((_, _, _) -> {});
        with.settings("{'retention_days':30}");
        RetentionWork next = new RetentionWork(with.jobs, with.server.tenants, with.upkeep, _ -> {});
        next.checkAll(List.of(with.tenant));
        next.checkAll(List.of(with.tenant));
        JsonNode jobs = with.get("/api/v1/jobs").path("jobs");
        assertThat(jobs).hasSize(1);
        with.finish(jobs.get(0).path("job_id").asText());
        assertThat(counts()).isEqualTo("view 2, buy 2 / view 2, buy 2");
    }

    private void apply(String settings) {
        with.server.time.advance(Duration.ofSeconds(1));
        with.ok("PUT", "/api/v1/settings", settings);
        JsonNode done =
                with.finish(with.get("/api/v1/jobs").at("/jobs/0/job_id").asText());
        assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("done");
    }

    private String counts() {
        return "view " + with.count(Table.EVENTS, "countIf(event_type = 'view')") + ", buy "
                + with.count(Table.EVENTS, "countIf(event_type = 'buy')") + " / view "
                + with.count(Table.ROLLUP_HOUR, "sumIf(events, event_type = 'view')") + ", buy "
                + with.count(Table.ROLLUP_HOUR, "sumIf(events, event_type = 'buy')");
    }
}
