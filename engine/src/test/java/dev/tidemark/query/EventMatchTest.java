package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredEvent;
import dev.tidemark.store.Table;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class EventMatchTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T00:00:00Z");

    @Test
    void letsThroughWhatTheRulesSay() {
        List<StoredEvent> events = new RandomEvents(new TenantId("t"), AROUND, 5).take(200);
        RandomQuestions questions = new RandomQuestions(ZoneId.of("UTC"), AROUND, 6);
        int filters = 0;
        while (filters < 400) {
            JsonNode filter = questions.next().get("filter");
            if (filter == null) {
                continue;
            }
            filters++;
            Predicate<StoredEvent> match = EventMatch.of(FilterReader.read(filter, "filter", QueryFixture.context()));
            for (StoredEvent event : events) {
                assertThat(match.test(event)).as("%s of %s", filter, event).isEqualTo(NaiveFilter.holds(filter, event));
            }
        }
    }

    @Test
    void writesNumbersAsTheEngineDoes() {
        TenantId tenant = QueryFixture.newTenant();
        EventStore store = new QueryFixture().store;
        new QueryFixture().insert(new RandomEvents(tenant, AROUND, 1).take(1));
        SplittableRandom random = new SplittableRandom(9);
        for (int round = 0; round < 20; round++) {
            Parameters parameters = new Parameters(tenant);
            Select.Builder select = Select.from(Table.EVENTS, parameters);
            double[] numbers = new double[100];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = number(random);
                select.column("toString(" + parameters.number(numbers[i]) + " + 0)", "n" + i);
            }
            Rows rows = store.query(tenant, select.build());
            for (int i = 0; i < numbers.length; i++) {
                assertThat(EventValue.text(numbers[i])).isEqualTo(rows.textAt(0, i));
            }
        }
    }

    private static double number(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(-1000, 1000);
            case 1 -> random.nextInt(-100_000, 100_000) / 100.0;
            case 2 -> Math.pow(10, random.nextInt(-12, 26)) * (random.nextBoolean() ? 1 : -1);
            case 3 -> random.nextLong();
            case 4 -> random.nextDouble();
            default -> {
                double any = Double.longBitsToDouble(random.nextLong());
                yield Double.isFinite(any) ? any : 0;
            }
        };
    }
}
