package dev.tidemark.collect;

import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * Reads ISO-8601 times into Unix milliseconds: a date, alone or with a time of day ({@code T} or a space between), a
 * fraction of up to nine digits (cut to milliseconds) and an offset ({@code Z}, {@code +02:00}, {@code +0200}, {@code +02}); UTC
 * without one. Writes the form with {@code Z}.
 */
final class Timestamps {
    /** Not a time. */
    static final long UNREADABLE = Long.MIN_VALUE;

    private static final long MILLIS_PER_DAY = 86_400_000L;

    private final String text;
    private int at;

    private Timestamps(String text) {
        this.text = text;
    }

    static long parse(String text) {
        if (text.length() < 10 || text.length() > 40) {
            return UNREADABLE;
        }
        return new Timestamps(text).whole();
    }

    static String format(long unixMillis) {
        long days = Math.floorDiv(unixMillis, MILLIS_PER_DAY);
        int ofDay = (int) Math.floorMod(unixMillis, MILLIS_PER_DAY);
        LocalDate date = LocalDate.ofEpochDay(days);
        StringBuilder out = new StringBuilder(24);
        digits(out, date.getYear(), 4);
        digits(out.append('-'), date.getMonthValue(), 2);
        digits(out.append('-'), date.getDayOfMonth(), 2);
        digits(out.append('T'), ofDay / 3_600_000, 2);
        digits(out.append(':'), ofDay / 60_000 % 60, 2);
        digits(out.append(':'), ofDay / 1_000 % 60, 2);
        digits(out.append('.'), ofDay % 1_000, 3);
        return out.append('Z').toString();
    }

    private static void digits(StringBuilder out, int value, int width) {
        int scale = width == 4 ? 1_000 : width == 3 ? 100 : 10;
        for (; scale > 0; scale /= 10) {
            out.append((char) ('0' + value / scale % 10));
        }
    }

    private long whole() {
        int year = number(4);
        if (year < 0 || !take('-')) {
            return UNREADABLE;
        }
        int month = number(2);
        if (month < 0 || !take('-')) {
            return UNREADABLE;
        }
        int day = number(2);
        long millis;
        try {
            millis = LocalDate.of(year, month, day).toEpochDay() * MILLIS_PER_DAY;
        } catch (DateTimeException _) {
            return UNREADABLE;
        }
        if (at == text.length()) {
            return millis;
        }
        if (!take('T') && !take('t') && !take(' ')) {
            return UNREADABLE;
        }
        long ofDay = timeOfDay();
        if (ofDay == UNREADABLE) {
            return UNREADABLE;
        }
        long offset = offset();
        return offset == UNREADABLE ? UNREADABLE : millis + ofDay - offset;
    }

    private long timeOfDay() {
        int hour = number(2);
        if (hour < 0 || hour > 23 || !take(':')) {
            return UNREADABLE;
        }
        int minute = number(2);
        if (minute < 0 || minute > 59) {
            return UNREADABLE;
        }
        int second = 0;
        int fraction = 0;
        if (take(':')) {
            second = number(2);
            // A leap second is taken as the last second of its minute.
            if (second < 0 || second > 60) {
                return UNREADABLE;
            }
            second = Math.min(second, 59);
            if (take('.') || take(',')) {
                fraction = fractionMillis();
                if (fraction < 0) {
                    return UNREADABLE;
                }
            }
        }
        return ((hour * 60L + minute) * 60L + second) * 1_000L + fraction;
    }

    private int fractionMillis() {
        int start = at;
        int millis = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            if (at - start < 3) {
                millis = millis * 10 + (text.charAt(at) - '0');
            }
            at++;
        }
        int count = at - start;
        if (count == 0 || count > 9) {
            return -1;
        }
        return count == 1 ? millis * 100 : count == 2 ? millis * 10 : millis;
    }

    private long offset() {
        if (at == text.length()) {
            return 0;
        }
        if (take('Z') || take('z')) {
            return at == text.length() ? 0 : UNREADABLE;
        }
        int sign = take('+') ? 1 : take('-') ? -1 : 0;
        int hours = sign == 0 ? -1 : number(2);
        if (hours < 0 || hours > 18) {
            return UNREADABLE;
        }
        int minutes = 0;
        if (at < text.length()) {
            take(':');
            minutes = number(2);
        }
        return minutes < 0 || minutes > 59 || at != text.length()
                ? UNREADABLE
                : sign * (hours * 60L + minutes) * 60_000L;
    }

    private boolean take(char expected) {
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private int number(int width) {
        if (at + width > text.length()) {
            return -1;
        }
        int value = 0;
        for (int end = at + width; at < end; at++) {
            char c = text.charAt(at);
            if (!isDigit(c)) {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
