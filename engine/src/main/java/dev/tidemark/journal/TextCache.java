package dev.tidemark.journal;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Gives the same string for the same bytes where they come again and again, as names, types and places do: most texts of an
 * event are not made anew. A table of fixed size; what falls on a taken place replaces it. Not thread-safe.
 */
final class TextCache {
    private static final int LONGEST = 48;

    private final @Nullable String[] places;

    /**
     * Makes an empty one.
     *
     * @param places a power of two
     */
    TextCache(int places) {
        this.places = new @Nullable String[places];
    }

    /** The text of UTF-8 bytes. */
    String text(byte[] bytes, int from, int length) {
        if (length > LONGEST) {
            return new String(bytes, from, length, StandardCharsets.UTF_8);
        }
        int hash = 0;
        for (int index = from; index < from + length; index++) {
            byte next = bytes[index];
            if (next < 0) {
                return new String(bytes, from, length, StandardCharsets.UTF_8);
            }
            hash = 31 * hash + next;
        }
        int place = (hash ^ (hash >>> 15)) & (places.length - 1);
        String known = places[place];
        if (known != null && known.hashCode() == hash && equal(known, bytes, from, length)) {
            return known;
        }
        String made = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        places[place] = made;
        return made;
    }

    private static boolean equal(String text, byte[] bytes, int from, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int index = 0; index < length; index++) {
            if (text.charAt(index) != bytes[from + index]) {
                return false;
            }
        }
        return true;
    }
}
