package dev.tidemark.store;

import java.util.Arrays;

/** Which minutes, hours or days were touched last by which offset, in two sorted arrays. Not thread-safe. */
final class TouchedUnits {
    private long[] numbers = new long[4];
    private long[] offsets = new long[4];
    private int size;

    int size() {
        return size;
    }

    void touch(long number, long offset) {
        int place = size > 0 && numbers[size - 1] == number ? size - 1 : Arrays.binarySearch(numbers, 0, size, number);
        if (place >= 0) {
            offsets[place] = Math.max(offsets[place], offset);
            return;
        }
        int insertion = -place - 1;
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
            offsets = Arrays.copyOf(offsets, size * 2);
        }
        System.arraycopy(numbers, insertion, numbers, insertion + 1, size - insertion);
        System.arraycopy(offsets, insertion, offsets, insertion + 1, size - insertion);
        numbers[insertion] = number;
        offsets[insertion] = offset;
        size++;
    }

    /** The highest offset among a closed range of numbers; -1 for none. */
    long last(long from, long to) {
        long last = -1;
        for (int place = firstFrom(from); place < size && numbers[place] <= to; place++) {
            last = Math.max(last, offsets[place]);
        }
        return last;
    }

    /** The lowest number; there must be one. */
    long first() {
        return numbers[0];
    }

    /** Forgets all numbers up to one, and returns the highest offset among them. */
    long removeThrough(long number) {
        int kept = firstFrom(number + 1);
        long last = last(Long.MIN_VALUE, number);
        System.arraycopy(numbers, kept, numbers, 0, size - kept);
        System.arraycopy(offsets, kept, offsets, 0, size - kept);
        size -= kept;
        return last;
    }

    private int firstFrom(long number) {
        int place = Arrays.binarySearch(numbers, 0, size, number);
        return place >= 0 ? place : -place - 1;
    }
}
