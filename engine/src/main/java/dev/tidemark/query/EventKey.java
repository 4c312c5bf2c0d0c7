package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import java.math.BigInteger;

/**
 * An event as one unsigned number of 128 bits that sorts by time, equal times in the order of the journal, and carries a small
 * payload: 42 bits of Unix milliseconds, 16 of the journal's partition, 48 of the offset there, 22 of payload. Arrays of such
 * numbers are small and fast to sort.
 */
final class EventKey {
    /** No key is later. */
    static final String LAST =
            BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE).toString();

    static final int PAYLOAD_BITS = 22;
    private static final int OFFSET_BITS = 48;
    private static final int PARTITION_BITS = 16;

    private EventKey() {}

    /** The key of an event of the table, made of two halves: numbers of 64 bits are quicker to put together. */
    static String of(String payload) {
        int low = Long.SIZE - PAYLOAD_BITS;
        int high = OFFSET_BITS - low;
        return "toUInt128(bitShiftLeft(toUInt64(" + Source.EVENTS.millis() + "), " + (PARTITION_BITS + high)
                + ") + bitShiftLeft(toUInt64(journal_partition), " + high + ") + bitAnd(bitShiftRight(journal_offset, "
                + low + "), " + ((1 << high) - 1) + ")) * toUInt128('" + BigInteger.ONE.shiftLeft(Long.SIZE)
                + "') + bitShiftLeft(journal_offset, " + PAYLOAD_BITS + ") + toUInt64(" + payload + ")";
    }

    static String time(String key) {
        return "toInt64(bitShiftRight(" + key + ", " + (PAYLOAD_BITS + OFFSET_BITS + PARTITION_BITS) + "))";
    }

    static String partition(String key) {
        return "toUInt64(bitAnd(bitShiftRight(" + key + ", " + (PAYLOAD_BITS + OFFSET_BITS) + "), "
                + ((1 << PARTITION_BITS) - 1) + "))";
    }

    static String offset(String key) {
        return "toUInt64(bitAnd(bitShiftRight(" + key + ", " + PAYLOAD_BITS + "), " + ((1L << OFFSET_BITS) - 1) + "))";
    }

    /** The least key of a time, to compare keys with. */
    static String earliest(long millis, Parameters parameters) {
        return parameters.wide(
                BigInteger.valueOf(millis).max(BigInteger.ZERO).shiftLeft(PAYLOAD_BITS + OFFSET_BITS + PARTITION_BITS));
    }

    /** Some bits of the payload. */
    static String payload(String key, int from, int bits) {
        return "toUInt16(bitAnd(bitShiftRight(" + key + ", " + from + "), " + ((1 << bits) - 1) + "))";
    }
}
