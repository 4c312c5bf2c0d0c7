package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store keeps of results that are streamed: all of them or a failure, whoever fails. */
public abstract class AbstractStreamContract extends AbstractStatementContract {
    private static final int MANY = 1_500_000;

    @Test
    void streamsMoreRowsThanAQuestionMayHave() {
        oneEvent("many");
        Collected collected = new Collected(-1);
        store().stream(tenant, numbered("toInt64(n)"), collected);
        assertThat(collected.names).containsExactly("x");
        assertThat(collected.rows).isEqualTo(MANY);
        assertThat(collected.sum).isEqualTo((long) MANY * (MANY - 1) / 2);
    }

    @Test
    void failsWhenTheEngineFailsAfterManyRows() {
        oneEvent("fails");
        Collected collected = new Collected(-1);
        assertThatThrownBy(() -> store().stream(tenant, numbered("toInt64(n + throwIf(n = 1400000))"), collected))
                .isInstanceOf(TidemarkException.class);
        assertThat(collected.rows).isLessThanOrEqualTo(1_400_000);
    }

    @Test
    void passesTheFailureOfASinkOnAndIsReadyForTheNext() {
        oneEvent("sink");
        for (int time = 0; time < 10; time++) {
            Collected collected = new Collected(3);
            assertThatThrownBy(() -> store().stream(tenant, numbered("toInt64(n)"), collected))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("enough");
            assertThat(collected.rows).isEqualTo(3);
        }
        Collected whole = new Collected(-1);
        store().stream(tenant, numbered("toInt64(n)"), whole);
        assertThat(whole.rows).isEqualTo(MANY);
    }

    @Test
    void streamsNothingOfAnotherTenant() {
        oneEvent("mine");
        TenantId other = new TenantId(tenant.value() + "-streamed");
        Select theirs = Select.from(Table.EVENTS, new Parameters(other))
                .column("event_id", "x")
                .build();
        Collected collected = new Collected(-1);
        store().stream(other, theirs, collected);
        assertThat(collected.rows).isZero();
        assertThat(collected.names).containsExactly("x");
        assertThatThrownBy(() -> store().stream(tenant, theirs, collected))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
        assertThatThrownBy(() -> store().parquet(tenant, theirs, new ByteArrayOutputStream()))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
    }

    @Test
    void writesAParquetFileOrFails() {
        oneEvent("parquet");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        store().parquet(tenant, numbered("toInt64(n)"), file);
        byte[] bytes = file.toByteArray();
        assertThat(bytes.length).isGreaterThan(1_000_000);
        assertThat(new String(bytes, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("PAR1");
        assertThat(new String(bytes, bytes.length - 4, 4, StandardCharsets.US_ASCII))
                .isEqualTo("PAR1");
        assertThatThrownBy(() -> store().parquet(
                                tenant, numbered("toInt64(n + throwIf(n = 1400000))"), OutputStream.nullOutputStream()))
                .isInstanceOf(TidemarkException.class);
        assertThatThrownBy(() -> store().parquet(tenant, numbered("toInt64(n)"), new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("enough");
                    }
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("enough");
    }

    private void oneEvent(String token) {
        store().insert(store().encodeEvents(token + "-" + tenant, new SampleEvents(tenant, 3).take(1, MAY, 1)));
    }

    private Select numbered(String expression) {
        Parameters parameters = new Parameters(tenant);
        Select numbers = Select.from(Table.EVENTS, parameters)
                .column("arrayJoin(range(" + parameters.integer(MANY) + "))", "n")
                .build();
        return Select.from(numbers).column(expression, "x").build();
    }

    private static final class Collected implements RowSink {
        private final List<String> names = new ArrayList<>();
        private final long most;
        private long rows;
        private long sum;

        Collected(long most) {
            this.most = most;
        }

        @Override
        public void columns(List<String> columns) {
            names.addAll(columns);
        }

        @Override
        public void row(List<@Nullable Object> values) throws IOException {
            if (rows == most) {
                throw new IOException("enough");
            }
            rows++;
            if (values.getFirst() instanceof Long number) {
                sum += number;
            }
        }
    }
}
