package dev.tidemark.collect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/** Finds what a rule is about in a text. Thread-safe. */
@FunctionalInterface
interface Finder {
    /** The first place at or behind an index; {@link Span#NONE} without one. */
    Span next(String text, int from);

    /** From the first character to behind the last. */
    record Span(int start, int end) {
        static final Span NONE = new Span(-1, -1);

        boolean exists() {
            return start >= 0;
        }
    }

    /** What matches an expression and is not empty. */
    static Finder of(Pattern pattern) {
        return (text, from) -> {
            Matcher matcher = pattern.matcher(text);
            int at = from;
            while (at <= text.length() && matcher.find(at)) {
                if (matcher.end() > matcher.start()) {
                    return new Span(matcher.start(), matcher.end());
                }
                at = matcher.end() + 1;
            }
            return Span.NONE;
        };
    }
}
