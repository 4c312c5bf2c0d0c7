package dev.tidemark.bench;

import java.util.random.RandomGenerator;

/** Writes fixed-width ASCII values into a byte array in place, without allocation. */
final class AsciiPatch {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final long MILLIS_PER_DAY = 86_400_000L;

    static final int UUID_WIDTH = 36;
    static final int TIME_WIDTH = 24;

    private AsciiPatch() {}

    /** A random UUID of version 4 in its 36-character form. */
    static void uuid(byte[] target, int at, RandomGenerator random) {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        hex(target, at, high, 60, 8);
        target[at + 8] = '-';
        hex(target, at + 9, high, 28, 4);
        target[at + 13] = '-';
        hex(target, at + 14, high, 12, 4);
        target[at + 18] = '-';
        hex(target, at + 19, low, 60, 4);
        target[at + 23] = '-';
        hex(target, at + 24, low, 44, 12);
    }

    /** Digits of a hexadecimal number, the first of them the four bits above {@code shift}. */
    static void hex(byte[] target, int at, long value, int shift, int digits) {
        for (int i = 0; i < digits; i++) {
            target[at + i] = HEX[(int) (value >>> (shift - 4 * i)) & 0xF];
        }
    }

    /** A number in decimal, with leading zeros; digits that don't fit are cut off at the front. */
    static void decimal(byte[] target, int at, long value, int digits) {
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** An instant as {@code 2026-01-31T23:59:59.999Z}. Days are counted from the epoch day given by its ten characters. */
    static void time(byte[] target, int at, long epochMillis, Day day) {
        System.arraycopy(day.of(Math.floorDiv(epochMillis, MILLIS_PER_DAY)), 0, target, at, 10);
        int ofDay = (int) Math.floorMod(epochMillis, MILLIS_PER_DAY);
        target[at + 10] = 'T';
        decimal(target, at + 11, ofDay / 3_600_000, 2);
        target[at + 13] = ':';
        decimal(target, at + 14, ofDay / 60_000 % 60, 2);
        target[at + 16] = ':';
        decimal(target, at + 17, ofDay / 1000 % 60, 2);
        target[at + 19] = '.';
        decimal(target, at + 20, ofDay % 1000, 3);
        target[at + 23] = 'Z';
    }

    /** The ten characters of a date, kept for the day asked last. Not thread-safe. */
    static final class Day {
        private long epochDay = Long.MIN_VALUE;
        private byte[] text = {};

        byte[] of(long wanted) {
            if (wanted != epochDay) {
                epochDay = wanted;
                text = java.time.LocalDate.ofEpochDay(wanted)
                        .toString()
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            }
            return text;
        }
    }
}
