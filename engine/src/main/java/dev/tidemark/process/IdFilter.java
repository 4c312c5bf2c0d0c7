package dev.tidemark.process;

import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * A Bloom filter over ids: tells most of those that were never added without a look at the disk. 16 million bits and four
 * probes: 2% of the others pass with 1.7 million ids in it, all of them far beyond, which costs time and nothing else.
 * One thread adds; others may ask, and may miss what is being added.
 */
final class IdFilter {
    private static final int BITS_LOG2 = 24;
    private static final int PROBES = 4;
    private static final XXHash64 HASH = XXHashFactory.safeInstance().hash64();

    private final long[] words = new long[1 << (BITS_LOG2 - 6)];

    void add(byte[] key) {
        long hash = hash(key);
        for (int probe = 0; probe < PROBES; probe++) {
            int bit = bit(hash, probe);
            words[bit >>> 6] |= 1L << (bit & 63);
        }
    }

    /** False only for what was never added. */
    boolean mayContain(byte[] key) {
        long hash = hash(key);
        for (int probe = 0; probe < PROBES; probe++) {
            int bit = bit(hash, probe);
            if ((words[bit >>> 6] & 1L << (bit & 63)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static long hash(byte[] key) {
        return HASH.hash(key, 0, key.length, 0L);
    }

    /** The halves of one hash, combined, stand for independent ones (Kirsch and Mitzenmacher, 2006). */
    private static int bit(long hash, int probe) {
        int combined = (int) hash + probe * (int) (hash >>> 32 | 1);
        return combined >>> (Integer.SIZE - BITS_LOG2);
    }
}
