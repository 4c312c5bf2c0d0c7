package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.SettableTime;
import dev.tidemark.base.AlertKind;
import dev.tidemark.base.Alerts;
import dev.tidemark.base.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DeadLetterAlarmTest {
    private static final List<TenantId> ALL = List.of(FixedTenants.ACME, FixedTenants.OTHER);

    private final SettableTime time = new SettableTime("2026-03-01T12:00:30Z");
    private final FixedTenants tenants = new FixedTenants().telling(10);
    private final Told told = new Told();
    private final DeadLetterAlarm alarm = new DeadLetterAlarm(tenants, told, time);

    @Test
    void raisesWhenSixtyMinutesHoldTheNumberWhereverTheHourBegins() {
        alarm.noted(FixedTenants.ACME, 6);
        time.advance(Duration.ofMinutes(59));
        alarm.noted(FixedTenants.ACME, 3);
        assertThat(told.said).isEmpty();

        alarm.noted(FixedTenants.ACME, 1);

        assertThat(told.said).containsExactly("raise acme dead_letters  {dead_letters=10, per_hour=10}");
    }

    @Test
    void forgetsWhatCameMoreThanAnHourAgo() {
        alarm.noted(FixedTenants.ACME, 9);
        time.advance(Duration.ofMinutes(60));
        alarm.noted(FixedTenants.ACME, 9);
        time.advance(Duration.ofDays(3));
        alarm.noted(FixedTenants.ACME, 9);

        assertThat(told.said).isEmpty();
    }

    @Test
    void clearsWhenThereAreFewerThanHalfSoThatNothingFlutters() {
        alarm.noted(FixedTenants.ACME, 10);
        time.advance(Duration.ofMinutes(30));
        alarm.noted(FixedTenants.ACME, 5);
        told.said.clear();

        time.advance(Duration.ofMinutes(31));
        alarm.look(ALL);
        assertThat(told.said).doesNotContain("clear acme dead_letters ");
        time.advance(Duration.ofMinutes(30));
        alarm.look(ALL);

        assertThat(told.said).contains("clear acme dead_letters ");
    }

    @Test
    void clearsNothingInTheFirstHourAfterAStart() {
        time.advance(Duration.ofMinutes(60));
        alarm.look(List.of(FixedTenants.ACME));
        assertThat(told.said).isEmpty();

        time.advance(Duration.ofMinutes(1));
        alarm.look(List.of(FixedTenants.ACME));

        assertThat(told.said).containsExactly("clear acme dead_letters ");
    }

    @Test
    void whoeverWantsToHearNothingMoreHearsNothing() {
        alarm.noted(FixedTenants.OTHER, 1_000);
        assertThat(told.said).isEmpty();
        tenants.telling(null);

        alarm.noted(FixedTenants.ACME, 1_000);
        alarm.look(List.of(FixedTenants.ACME));

        assertThat(told.said).containsExactly("clear acme dead_letters ");
    }

    private static final class Told implements Alerts {
        private final List<String> said = new ArrayList<>();

        @Override
        public void raise(TenantId tenant, AlertKind kind, String subject, Map<String, ?> details) {
            said.add(
                    "raise " + tenant + " " + kind.wireName() + " " + subject + " " + new java.util.TreeMap<>(details));
        }

        @Override
        public void clear(TenantId tenant, AlertKind kind, String subject) {
            said.add("clear " + tenant + " " + kind.wireName() + " " + subject);
        }
    }
}
