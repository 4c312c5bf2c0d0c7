package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LiveLoadTest {
    private static final int TENANTS = 3;
    private static final int CONNECTIONS = 8;

    private final List<AckLog> ofTenants = List.of(new AckLog(), new AckLog(), new AckLog());

    private List<Dashboard> dashboards(int count) {
        List<Dashboard> dashboards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            dashboards.add(new Dashboard(i, i % TENANTS, "kind", "r", "t", new AckLog()));
        }
        dashboards.add(new Dashboard(count, 0, "whole", "r", "t", ofTenants.getFirst()));
        return dashboards;
    }

    @Test
    void everyAccountIsSentByOneConnectionOfItsTenant() {
        List<Dashboard> dashboards = dashboards(40);
        List<AccountShare> shares = LiveLoad.shares(dashboards, ofTenants, CONNECTIONS);
        Map<Integer, Integer> connectionOf = new HashMap<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            AccountShare share = shares.get(connection);
            share.begin();
            for (int i = 0; i < 400; i++) {
                int account = share.draw(random);
                assertThat(account % TENANTS).isEqualTo(connection % TENANTS);
                assertThat(connectionOf.getOrDefault(account, connection)).isEqualTo(connection);
                connectionOf.put(account, connection);
            }
            share.acknowledged(connection);
        }
        assertThat(connectionOf).hasSize(40);
        assertThat(dashboards.subList(0, 40).stream()
                        .mapToLong(each -> each.acknowledged().total())
                        .sum())
                .isEqualTo(CONNECTIONS * 400L);
        assertThat(ofTenants.stream().map(AckLog::total)).containsExactly(1200L, 1200L, 800L);
    }

    @Test
    void aConnectionWithoutAccountsSendsForNobody() {
        List<AccountShare> shares = LiveLoad.shares(dashboards(1), ofTenants, CONNECTIONS);
        shares.get(5).begin();
        assertThat(shares.get(5).draw(new SplittableRandom(1))).isEqualTo(999_999);
    }

    @Test
    void countsForEachAccountWhatTheServerHasOfIt() throws Exception {
        List<Dashboard> dashboards = dashboards(20);
        try (FakeServer server = new FakeServer();
                LiveLoad load = new LiveLoad(
                        new LoadGenerator.Shape(
                                server.address(), List.of("sk_1", "sk_2", "sk_3"), CONNECTIONS, 10, 1, 1),
                        LiveLoad.shares(dashboards, ofTenants, CONNECTIONS),
                        1000,
                        Duration.ofMillis(300),
                        TimeSource.system())) {
            load.start();
            load.beginWindow();
            assertThat(load.result().join().accepted()).isEqualTo(300);
            Map<String, Long> stored = new HashMap<>();
            for (JsonNode event : server.stored()) {
                stored.merge(event.at("/properties/account").asText(), 1L, Long::sum);
                assertThat(event.path("user_id")
                                .asText(event.path("anonymous_id").asText())
                                .substring(1, 5))
                        .as("people are an account's own")
                        .isEqualTo(event.at("/properties/account").asText().substring(3));
            }
            for (Dashboard dashboard : dashboards.subList(0, 20)) {
                assertThat(dashboard.acknowledged().total())
                        .isPositive()
                        .isEqualTo(stored.get(AccountShare.Account.name(dashboard.number())));
            }
        }
    }
}
