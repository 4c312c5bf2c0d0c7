package dev.tidemark.query;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The hashes that the engine's distinct counts are made of: for numbers the finalizer of MurmurHash3, for texts CityHash64 of version
 * 1.0.2 (Pike and Alakuijala), over UTF-8.
 */
final class DistinctHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long K0 = 0xc3a5c85c97cb3127L;
    private static final long K1 = 0xb492b66fbe98f273L;
    private static final long K2 = 0x9ae16a3b2f90404fL;
    private static final long K3 = 0xc949d7c7509e6557L;
    private static final long K_MUL = 0x9ddfea08eb382d69L;

    private DistinctHash() {}

    static long of(long number) {
        long x = number;
        x = (x ^ x >>> 33) * 0xff51afd7ed558ccdL;
        x = (x ^ x >>> 33) * 0xc4ceb9fe1a85ec53L;
        return x ^ x >>> 33;
    }

    static long of(String text) {
        return city(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long city(byte[] s) {
        int length = s.length;
        if (length <= 16) {
            return upTo16(s);
        }
        if (length <= 32) {
            return upTo32(s);
        }
        return length <= 64 ? upTo64(s) : longer(s);
    }

    private static long upTo16(byte[] s) {
        int length = s.length;
        if (length > 8) {
            long a = eight(s, 0);
            long b = eight(s, length - 8);
            return mixed(a, Long.rotateRight(b + length, length)) ^ b;
        }
        if (length >= 4) {
            return mixed(length + ((four(s, 0) & 0xFFFFFFFFL) << 3), four(s, length - 4) & 0xFFFFFFFFL);
        }
        if (length > 0) {
            int y = (s[0] & 0xFF) + ((s[length >> 1] & 0xFF) << 8);
            int z = length + ((s[length - 1] & 0xFF) << 2);
            return shifted((y & 0xFFFFFFFFL) * K2 ^ (z & 0xFFFFFFFFL) * K3) * K2;
        }
        return K2;
    }

    private static long upTo32(byte[] s) {
        int length = s.length;
        long a = eight(s, 0) * K1;
        long b = eight(s, 8);
        long c = eight(s, length - 8) * K2;
        long d = eight(s, length - 16) * K0;
        return mixed(
                Long.rotateRight(a - b, 43) + Long.rotateRight(c, 30) + d,
                a + Long.rotateRight(b ^ K3, 20) - c + length);
    }

    private static long upTo64(byte[] s) {
        int length = s.length;
        long z = eight(s, 24);
        long a = eight(s, 0) + (length + eight(s, length - 16)) * K0;
        long b = Long.rotateRight(a + z, 52);
        long c = Long.rotateRight(a, 37);
        a += eight(s, 8);
        c += Long.rotateRight(a, 7);
        a += eight(s, 16);
        long vf = a + z;
        long vs = b + Long.rotateRight(a, 31) + c;
        a = eight(s, 16) + eight(s, length - 32);
        z = eight(s, length - 8);
        b = Long.rotateRight(a + z, 52);
        c = Long.rotateRight(a, 37);
        a += eight(s, length - 24);
        c += Long.rotateRight(a, 7);
        a += eight(s, length - 16);
        long wf = a + z;
        long ws = b + Long.rotateRight(a, 31) + c;
        long r = shifted((vf + ws) * K2 + (wf + vs) * K0);
        return shifted(r * K0 + vs) * K2;
    }

    private static long longer(byte[] s) {
        int length = s.length;
        long x = eight(s, 0);
        long y = eight(s, length - 16) ^ K1;
        long z = eight(s, length - 56) ^ K0;
        long[] v = weak(s, length - 64, length, y);
        long[] w = weak(s, length - 32, length * K1, K0);
        z += shifted(v[1]) * K1;
        x = Long.rotateRight(z + x, 39) * K1;
        y = Long.rotateRight(y, 33) * K1;
        int left = length - 1 & ~63;
        for (int at = 0; left != 0; at += 64, left -= 64) {
            x = Long.rotateRight(x + y + v[0] + eight(s, at + 16), 37) * K1;
            y = Long.rotateRight(y + v[1] + eight(s, at + 48), 42) * K1;
            x ^= w[1];
            y ^= v[0];
            z = Long.rotateRight(z ^ w[0], 33);
            v = weak(s, at, v[1] * K1, x + w[0]);
            w = weak(s, at + 32, z + w[1], y);
            long swapped = z;
            z = x;
            x = swapped;
        }
        return mixed(mixed(v[0], w[0]) + shifted(y) * K1 + z, mixed(v[1], w[1]) + x);
    }

    private static long[] weak(byte[] s, int at, long first, long second) {
        long a = first + eight(s, at);
        long b = Long.rotateRight(second + a + eight(s, at + 24), 21);
        long c = a;
        a += eight(s, at + 8) + eight(s, at + 16);
        b += Long.rotateRight(a, 44);
        return new long[] {a + eight(s, at + 24), b + c};
    }

    private static long mixed(long low, long high) {
        long a = (low ^ high) * K_MUL;
        a ^= a >>> 47;
        long b = (high ^ a) * K_MUL;
        b ^= b >>> 47;
        return b * K_MUL;
    }

    private static long shifted(long value) {
        return value ^ value >>> 47;
    }

    private static long eight(byte[] s, int at) {
        return (long) LONGS.get(s, at);
    }

    private static int four(byte[] s, int at) {
        return (int) INTS.get(s, at);
    }
}
