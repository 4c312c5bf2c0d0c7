package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One person that does very many things, a second apart, beside one that does two. */
final class FunnelBotTest {
    private static final Instant DAY = Instant.parse("2025-03-10T00:00:00Z");
    private static final int ENTRIES = 50_000;
    private static final String FUNNEL =
            "{'type':'funnel','range':{'start_time':'2025-03-10','end_time':'2025-03-10'},'window':'10s',";

    private final QueryFixture fixture = new QueryFixture();

    @Test
    void isFollowedFromAttemptToAttempt() {
        TenantId tenant = tenant();
        FunnelAnswer answer = ask(tenant, "'steps':[{'event':'A'},{'event':'B'}],'count':'totals','interval':'hour'}");
        // An attempt ends ten seconds after its entry, inclusive; the next one begins with the eleventh.
        int attempts = Math.ceilDiv(ENTRIES, 11);
        assertThat(answer.steps().stream().map(FunnelAnswer.Step::count)).containsExactly(attempts + 1L, 1L);
        assertThat(answer.overTime().getFirst()).containsExactly(Math.ceilDiv(3600, 11) + 1L, 1L);
        assertThat(answer.overTime().get(1)).containsExactly((long) Math.ceilDiv(3600, 11), 0L);
        assertThat(answer.overTime().getLast()).containsExactly(0L, 0L);
    }

    @Test
    void doesNotKeepTheOthersFromBeingCounted() {
        TenantId tenant = tenant();
        for (String more : List.of(
                "'steps':[{'event':'A'},{'event':'B'}]",
                "'steps':[{'event':'A'},{'event':'B'}],'breakdown':{'property':'country'}",
                "'steps':[{'event':'A'},{'event':'B'}],'count':'totals','breakdown':{'property':'country'}",
                "'steps':[{'event':'A'},{'event':'B'}],'order':'strict'")) {
            assertThat(ask(tenant, more + "}").steps().getLast().count())
                    .as(more)
                    .isEqualTo(1);
        }
        for (String more : List.of(
                "'steps':[{'event':['A','C']},{'event':['A','B']}]",
                "'steps':[{'event':['A','C']},{'event':['A','B']}],'order':'any'")) {
            assertThat(ask(tenant, more + "}").steps().getLast().count())
                    .as(more)
                    .isEqualTo(2);
        }
    }

    private FunnelAnswer ask(TenantId tenant, String rest) {
        return (FunnelAnswer) fixture.ask(tenant, FUNNEL + rest);
    }

    private TenantId tenant() {
        TenantId tenant = QueryFixture.newTenant();
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            events.add(event(tenant, i, "A", 1000L * i, "bot"));
        }
        events.add(event(tenant, ENTRIES, "A", 0, "somebody"));
        events.add(event(tenant, ENTRIES + 1, "B", 1000, "somebody"));
        fixture.insert(events);
        return tenant;
    }

    private static StoredEvent event(TenantId tenant, int number, String type, long after, String user) {
        return FunnelSets.event(tenant, number, type, DAY.toEpochMilli() + after, user, null, null, Map.of());
    }
}
