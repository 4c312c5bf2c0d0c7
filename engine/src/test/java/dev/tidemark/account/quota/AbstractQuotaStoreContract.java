package dev.tidemark.account.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every quota store keeps to. */
abstract class AbstractQuotaStoreContract {
    static final TenantId ACME = new TenantId("acme");
    static final TenantId GLOBEX = new TenantId("globex");
    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);
    private static final Limits LIMITS =
            new Limits(Map.of(Limit.EVENTS_PER_MONTH, 1_000L, Limit.VIEWERS, Limits.UNLIMITED), 5_000L, 90);

    /** One that knows two tenants, and nothing else; each call opens the same anew. */
    abstract QuotaStore store();

    @Test
    void plansAreReplacedAsAWholeAndSurvive() {
        store().replacePlans(List.of(new Plan("pro", LIMITS), new Plan("free", Limits.NONE)));
        assertThat(store().plans()).containsExactly(new Plan("free", Limits.NONE), new Plan("pro", LIMITS));
        store().replacePlans(List.of(new Plan("free", LIMITS)));
        assertThat(store().plans()).containsExactly(new Plan("free", LIMITS));
    }

    @Test
    void whatATenantHasBeenGivenSurvivesAndIsReplaced() {
        store().give(ACME, new TenantPlan("pro", LIMITS));
        assertThat(store().tenants()).isEqualTo(Map.of(ACME, new TenantPlan("pro", LIMITS)));
        store().give(ACME, new TenantPlan("free", Limits.NONE));
        assertThat(store().tenants()).isEqualTo(Map.of(ACME, new TenantPlan("free", Limits.NONE)));
    }

    @Test
    void anUnknownTenantIsGivenNothing() {
        assertThatThrownBy(() -> store().give(new TenantId("nobody"), TenantPlan.DEFAULT))
                .isInstanceOf(TidemarkException.class);
        store().addQueries(Map.of(new TenantId("nobody"), 5L, ACME, 1L), DAY);
        assertThat(store().queries(ACME, DAY)).isEqualTo(Map.of(DAY, 1L));
        assertThat(store().queries(new TenantId("nobody"), DAY)).isEmpty();
    }

    @Test
    void questionsAddUpByDayAndTenant() {
        store().addQueries(Map.of(ACME, 3L, GLOBEX, 1L), DAY);
        store().addQueries(Map.of(ACME, 4L), DAY);
        store().addQueries(Map.of(ACME, 1L), DAY.plusDays(1));
        assertThat(store().queries(ACME, DAY)).isEqualTo(Map.of(DAY, 7L, DAY.plusDays(1), 1L));
        assertThat(store().queries(ACME, DAY.plusDays(1))).isEqualTo(Map.of(DAY.plusDays(1), 1L));
        assertThat(store().queries(GLOBEX, DAY)).isEqualTo(Map.of(DAY, 1L));
        store().forgetQueries(DAY.plusDays(1));
        assertThat(store().queries(ACME, DAY)).isEqualTo(Map.of(DAY.plusDays(1), 1L));
    }
}
