package dev.tidemark.collect;

/**
 * Escaped halves of surrogate pairs in JSON. The parser refuses a whole document for one in a member's name; where each event
 * must be judged alone, NUL takes their place, which no text may hold either.
 */
final class HalfPairs {
    private static final int ESCAPE_BYTES = 6;
    private static final byte[] NUL_ESCAPE = {'\\', 'u', '0', '0', '0', '0'};

    private HalfPairs() {}

    /** A copy of the same length with {@code \}{@code u0000} for every half; the same array when there is none. */
    static byte[] blanked(byte[] json) {
        byte[] blanked = json;
        int at = 0;
        while (at < json.length) {
            if (json[at] != '\\') {
                at++;
            } else if (!isHalf(json, at)) {
                at += 2;
            } else if (isHigh(json, at) && isHalf(json, at + ESCAPE_BYTES) && !isHigh(json, at + ESCAPE_BYTES)) {
                at += 2 * ESCAPE_BYTES;
            } else {
                if (blanked == json) {
                    blanked = json.clone();
                }
                System.arraycopy(NUL_ESCAPE, 0, blanked, at, ESCAPE_BYTES);
                at += ESCAPE_BYTES;
            }
        }
        return blanked;
    }

    /** Whether there is an escape from D800 to DFFF. */
    private static boolean isHalf(byte[] json, int at) {
        return at + ESCAPE_BYTES <= json.length
                && json[at] == '\\'
                && json[at + 1] == 'u'
                && (json[at + 2] | 0x20) == 'd'
                && hex(json[at + 3]) >= 8
                && hex(json[at + 4]) >= 0
                && hex(json[at + 5]) >= 0;
    }

    private static boolean isHigh(byte[] json, int at) {
        return hex(json[at + 3]) < 0xC;
    }

    private static int hex(byte digit) {
        return Character.digit((char) digit, 16);
    }
}
