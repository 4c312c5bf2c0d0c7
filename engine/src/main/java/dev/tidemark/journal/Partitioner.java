package dev.tidemark.journal;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/** Chooses the partition of a tenant: everything of one tenant stands in one order. Thread-safe. */
public record Partitioner(int partitions) {
    private static final XXHash64 HASH = XXHashFactory.safeInstance().hash64();

    public Partitioner {
        if (partitions < 1) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "a journal needs at least one partition", "journal.partitions");
        }
    }

    /** XXHash64 with seed 0 of the id in UTF-8, modulo the number of partitions. */
    public int of(TenantId tenant) {
        byte[] bytes = tenant.value().getBytes(StandardCharsets.UTF_8);
        return (int) Math.floorMod(HASH.hash(bytes, 0, bytes.length, 0L), (long) partitions);
    }
}
