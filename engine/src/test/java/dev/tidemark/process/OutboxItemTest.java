package dev.tidemark.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.Block;
import dev.tidemark.store.Table;
import dev.tidemark.store.TouchedTimes;
import dev.tidemark.store.TouchedTimes.Unit;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutboxItemTest {
    private static final TenantId ACME = new TenantId("acme");

    @Test
    void comesBackAsItWasWritten() {
        OutboxItem item = new OutboxItem(
                3,
                100,
                120,
                1,
                55,
                List.of(
                        new Touch(ACME, 110, new TouchedTimes(Unit.MINUTE, List.of(7L, 9L))),
                        new Touch(new TenantId("other"), 111, new TouchedTimes(Unit.EVER, List.of()))),
                new Block("token", Table.EVENTS, 2, new byte[] {1, 2, 3}));
        OutboxItem read = OutboxItem.of(item.key(), item.value());
        assertThat(read.touches()).isEqualTo(item.touches());
        assertThat(read.block().token()).isEqualTo("token");
        assertThat(read.block().payload()).containsExactly(1, 2, 3);
        assertThat(read.next()).isEqualTo(120);
        assertThat(read.partition()).isEqualTo(3);
    }

    @Test
    void readsWhatTheFirstVersionLeftInTheOutbox() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(1);
            out.writeLong(120);
            out.writeLong(55);
            out.writeInt(1);
            out.writeUTF("acme");
            out.writeLong(110);
            out.writeLong(60_000);
            out.writeLong(185_000);
            out.writeUTF("token");
            out.writeUTF("EVENTS");
            out.writeInt(0);
            out.writeInt(0);
        }
        byte[] key = new OutboxItem(3, 100, 120, 1, 55, List.of(), new Block("t", Table.EVENTS, 0, new byte[0])).key();
        assertThat(OutboxItem.of(key, bytes.toByteArray()).touches())
                .containsExactly(new Touch(ACME, 110, new TouchedTimes(Unit.MINUTE, List.of(1L, 2L, 3L))));
    }
}
