package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * The engine's distinct count {@code uniqCombined64(17)} outside the engine, so that a count can go on where the engine's left off
 * and shows the same number. Not thread-safe.
 *
 * <p>The engine keeps the 64-bit hashes themselves while they are at most 4,096. Then it keeps, for each of 2^17 buckets of hashes,
 * the highest rank seen (HyperLogLog), and estimates from the number of buckets that are still empty (linear counting: Whang et al.,
 * ACM TODS 15, 1990) as long as that gives less than 177,700. Up to there the ranks do not matter, and one bit for each bucket is
 * enough; past it the count is not known here.
 */
final class DistinctState {
    private static final int MOST_HASHES = 4_096;
    private static final int BUCKETS = 1 << 17;
    private static final int RANK_BITS = 6;
    private static final int RANK_BYTES = BUCKETS * RANK_BITS / Byte.SIZE;
    private static final double LINEAR_BELOW = 177_700;
    private static final int SMALL = 1;
    private static final int LARGE = 3;

    /** Open addressing; 0 is an empty place, and the hash 0 is counted apart. Of a large one a bit for each bucket. */
    private long[] hashes = new long[4];

    private int size;
    private boolean hasZero;
    private boolean isLarge;

    /**
     * Reads what the engine's {@code hex(uniqCombined64State(17)(...))} gives.
     *
     * <p>A byte for the kind; then, of the two small kinds, the number of hashes as a variable-length integer and the hashes, or, of
     * the large kind, a rank of 6 bits for each bucket. All is little-endian.
     */
    static DistinctState read(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        DistinctState state = new DistinctState();
        if (bytes.length == 0) {
            throw unreadable();
        }
        if (bytes[0] == LARGE) {
            state.readRanks(bytes);
        } else {
            state.readHashes(bytes);
        }
        return state;
    }

    private void readRanks(byte[] bytes) {
        if (bytes.length < 1 + RANK_BYTES) {
            throw unreadable();
        }
        becomeLarge();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            int bit = bucket * RANK_BITS;
            int at = 1 + bit / Byte.SIZE;
            int next = at + 1 <= RANK_BYTES ? bytes[at + 1] & 0xFF : 0;
            int rank = (((bytes[at] & 0xFF) | next << Byte.SIZE) >>> bit % Byte.SIZE) & 63;
            if (rank != 0) {
                setBucket(bucket);
            }
        }
    }

    private void readHashes(byte[] bytes) {
        int at = 1;
        long count = 0;
        int shift = 0;
        while (at < bytes.length && shift < Long.SIZE) {
            byte each = bytes[at++];
            count |= (each & 0x7FL) << shift;
            shift += 7;
            if (each >= 0) {
                break;
            }
        }
        if (bytes[0] < SMALL || bytes[0] > LARGE || bytes.length - at != count * Long.BYTES) {
            throw unreadable();
        }
        for (long i = 0; i < count; i++, at += Long.BYTES) {
            long hash = 0;
            for (int b = Long.BYTES - 1; b >= 0; b--) {
                hash = hash << Byte.SIZE | bytes[at + b] & 0xFF;
            }
            addHash(hash);
        }
    }

    /** Counts a 64-bit number, a person's for example. */
    void add(long number) {
        addHash(DistinctHash.of(number));
    }

    /** Counts a text. */
    void add(String text) {
        addHash(DistinctHash.of(text));
    }

    /** Counts all that another has counted. */
    void addAll(DistinctState other) {
        if (other.isLarge) {
            becomeLarge();
            for (int i = 0; i < hashes.length; i++) {
                hashes[i] |= other.hashes[i];
            }
            return;
        }
        if (other.hasZero) {
            addHash(0);
        }
        for (long hash : other.hashes) {
            if (hash != 0) {
                addHash(hash);
            }
        }
    }

    /** How many; empty when there are so many that only the engine can tell. */
    OptionalLong count() {
        if (!isLarge) {
            return OptionalLong.of(size + (hasZero ? 1 : 0));
        }
        int empty = BUCKETS;
        for (long bits : hashes) {
            empty -= Long.bitCount(bits);
        }
        if (empty == 0) {
            return OptionalLong.empty();
        }
        double estimate = BUCKETS * (Math.log(BUCKETS) - Math.log(empty));
        return estimate < LINEAR_BELOW ? OptionalLong.of((long) (estimate + 0.5)) : OptionalLong.empty();
    }

    /** About how much memory it takes. */
    int bytes() {
        return 40 + hashes.length * Long.BYTES;
    }

    private void addHash(long hash) {
        if (isLarge) {
            setBucket(hash);
        } else if (size + (hasZero ? 1 : 0) >= MOST_HASHES) {
            becomeLarge();
            setBucket(hash);
        } else if (hash == 0) {
            hasZero = true;
        } else {
            addSmall(hash);
        }
    }

    private void addSmall(long hash) {
        int mask = hashes.length - 1;
        int place = place(hash, mask);
        while (hashes[place] != 0) {
            if (hashes[place] == hash) {
                return;
            }
            place = place + 1 & mask;
        }
        hashes[place] = hash;
        size++;
        if (size * 2 > hashes.length) {
            long[] old = hashes;
            hashes = new long[old.length * 2];
            size = 0;
            Arrays.stream(old).filter(each -> each != 0).forEach(this::addSmall);
        }
    }

    /** By the upper bits; equal lower bits are a bucket of their own. */
    private static int place(long hash, int mask) {
        return (int) (hash >>> 40) & mask;
    }

    private void becomeLarge() {
        if (isLarge) {
            return;
        }
        long[] few = hashes;
        isLarge = true;
        hashes = new long[BUCKETS / Long.SIZE];
        if (hasZero) {
            setBucket(0);
        }
        for (long hash : few) {
            if (hash != 0) {
                setBucket(hash);
            }
        }
    }

    /** By the lower bits of a hash. */
    private void setBucket(long hash) {
        int bucket = (int) hash & BUCKETS - 1;
        hashes[bucket / Long.SIZE] |= 1L << bucket;
    }

    private static TidemarkException unreadable() {
        return new TidemarkException(ErrorCode.INTERNAL, "the engine gave a distinct count in an unknown form");
    }
}
