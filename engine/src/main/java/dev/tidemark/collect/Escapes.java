package dev.tidemark.collect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent escapes, read with patience: what is no escape stands for itself, so that one stray sign hides nothing behind it. */
final class Escapes {
    private Escapes() {}

    static String read(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder read = new StringBuilder(text.length());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int high = digit(text, at + 1);
            int low = digit(text, at + 2);
            if (text.charAt(at) == '%' && high >= 0 && low >= 0) {
                bytes.write(high * 16 + low);
                at += 3;
            } else {
                flush(bytes, read);
                read.append(text.charAt(at));
                at++;
            }
        }
        flush(bytes, read);
        return read.toString();
    }

    private static int digit(String text, int at) {
        return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
    }

    private static void flush(ByteArrayOutputStream bytes, StringBuilder into) {
        if (bytes.size() > 0) {
            into.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.reset();
        }
    }
}
