package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every store keeps of statements: their tenant, their parameters, their failures. */
public abstract class AbstractStatementContract {
    private static final AtomicInteger TENANTS = new AtomicInteger();
    /** Far ahead, so that no rollup has let go of it. */
    static final long MAY = Instant.parse("2105-05-10T10:00:00Z").toEpochMilli();

    final TenantId tenant = new TenantId("contract-" + ProcessHandle.current().pid() + "-" + TENANTS.incrementAndGet());

    /** The store under test; shared, so each test has a tenant of its own. */
    protected abstract EventStore store();

    @Test
    void aTenantSeesOnlyItsOwnRows() {
        TenantId other = new TenantId(tenant.value() + "-other");
        store().insert(store().encodeEvents("mine-" + tenant, sample(6).take(5, MAY, 1_000)));
        store().insert(store().encodeEvents("theirs-" + tenant, new SampleEvents(other, 6).take(9, MAY, 1_000)));
        assertThat(count(Table.EVENTS, tenant)).isEqualTo(5);
        assertThat(count(Table.EVENTS, other)).isEqualTo(9);
        Select theirs = Select.from(Table.EVENTS, new Parameters(other))
                .column("count()", "n")
                .build();
        assertThatThrownBy(() -> store().query(tenant, theirs))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
    }

    @Test
    void parametersReachTheEngineUnchanged() {
        store().insert(store().encodeEvents("parameters-" + tenant, sample(8).take(1, MAY, 1)));
        List<String> texts = List.of(
                "plain",
                "",
                "it's \"quoted\" `so`",
                "back\\slash \\n \\' \\\\",
                "line\nfeed\r\ttab\b\f",
                "nul\0byte",
                "grüße 日本 🎉 \u2028",
                "{p0:String} ${x} %27 %00 + & = ?",
                "'); DROP TABLE events; --",
                "['a','b']",
                "NULL",
                "\\N",
                "x".repeat(5_000));
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Select.from(Table.EVENTS, parameters);
        for (int i = 0; i < texts.size(); i++) {
            select.column(parameters.text(texts.get(i)), "t" + i);
        }
        select.column("arrayStringConcat(" + parameters.texts(texts) + ", '|')", "joined");
        select.column("length(" + parameters.texts(texts) + ")", "size");
        select.column("length(" + parameters.texts(List.of()) + ")", "none");
        Rows rows = ask(select.build());
        for (int i = 0; i < texts.size(); i++) {
            assertThat(rows.textAt(0, i)).isEqualTo(texts.get(i));
        }
        assertThat(rows.textAt(0, texts.size())).isEqualTo(String.join("|", texts));
        assertThat(rows.longAt(0, texts.size() + 1)).isEqualTo(texts.size());
        assertThat(rows.longAt(0, texts.size() + 2)).isZero();
    }

    @Test
    void numbersReachTheEngineUnchanged() {
        store().insert(store().encodeEvents("numbers-" + tenant, sample(9).take(1, MAY, 1)));
        Parameters parameters = new Parameters(tenant);
        Rows rows = ask(Select.from(Table.EVENTS, parameters)
                .column(parameters.integer(Long.MIN_VALUE), "lowest")
                .column(parameters.integer(Long.MAX_VALUE), "highest")
                .column(parameters.number(0.1), "tenth")
                .column(parameters.number(-1.5e300), "big")
                .column(parameters.number(7), "whole")
                .column("arraySum(" + parameters.integers(List.of(1L, -2L, 40L)) + ")", "integers")
                .column("arraySum(" + parameters.numbers(List.of(0.5, 1e-3)) + ")", "numbers")
                .column("toUInt64(18446744073709551615)", "unsigned")
                .column(parameters.number(Double.NaN), "nothing")
                .column("1 = 1", "flag")
                .column("true", "yes")
                .column("NULL", "absent")
                .build());
        assertThat(rows.columns()).startsWith("lowest", "highest").endsWith("yes", "absent");
        assertThat(rows.values().getFirst())
                .containsExactly(
                        Long.MIN_VALUE, Long.MAX_VALUE, 0.1, -1.5e300, 7.0, 39L, 0.501, -1L, null, 1L, true, null);
        assertThat(rows.rowsRead()).isPositive();
    }

    @Test
    void aStatementThatTheEngineRejectsIsABug() {
        Select wrong = Select.from(Table.EVENTS, new Parameters(tenant))
                .column("no_such_column", "x")
                .build();
        assertThatThrownBy(() -> ask(wrong))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
    }

    final SampleEvents sample(long seed) {
        return new SampleEvents(tenant, seed);
    }

    final Rows ask(Select select) {
        return store().query(tenant, select);
    }

    final long count(Table table, TenantId of) {
        return store().query(
                        of,
                        Select.from(table, new Parameters(of))
                                .column("count()", "n")
                                .build())
                .longAt(0, 0);
    }
}
