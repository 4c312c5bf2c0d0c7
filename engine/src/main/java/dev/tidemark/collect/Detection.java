package dev.tidemark.collect;

import dev.tidemark.account.MaskingRule;

/**
 * Finds e-mail addresses, card numbers and IP addresses in a text, without an expression: the common text, which has none, is passed
 * in one look at its characters. Each is found only where it stands by itself, not within a longer word or number.
 */
final class Detection {
    private static final int NONE = -1;
    private static final int SHORTEST_CARD = 13;
    private static final int LONGEST_CARD = 19;

    private Detection() {}

    static Finder of(MaskingRule.Detect what) {
        return switch (what) {
            case EMAIL -> Detection::email;
            case CARD -> Detection::card;
            case IP -> IpText::find;
        };
    }

    private static Finder.Span email(String text, int from) {
        for (int at = text.indexOf('@', from); at >= 0; at = text.indexOf('@', at + 1)) {
            int start = at;
            while (start > from && isLocal(text.charAt(start - 1))) {
                start--;
            }
            while (start < at && text.charAt(start) == '\'') {
                start++;
            }
            int end = at + 1;
            int dot = NONE;
            while (end < text.length() && isDomain(text.charAt(end))) {
                if (text.charAt(end) == '.') {
                    dot = end;
                }
                end++;
            }
            while (end > at && (text.charAt(end - 1) == '.' || text.charAt(end - 1) == '-')) {
                end--;
                dot = text.lastIndexOf('.', end - 1);
            }
            if (start < at && dot > at + 1 && end - dot > 2) {
                return new Finder.Span(start, end);
            }
        }
        return Finder.Span.NONE;
    }

    private static boolean isLocal(char each) {
        return Character.isLetterOrDigit(each) || "._%+-'!#$&*/=?^`{|}~".indexOf(each) >= 0 && "/=?&".indexOf(each) < 0;
    }

    private static boolean isDomain(char each) {
        return Character.isLetterOrDigit(each) || each == '.' || each == '-';
    }

    /** Digits in groups that a space or a dash may part, 13 to 19 in all, whose check digit is right. */
    private static Finder.Span card(String text, int from) {
        int at = from;
        while (at < text.length()) {
            if (!isDigit(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            int digits = 0;
            int last = at;
            while (end < text.length()) {
                char each = text.charAt(end);
                if (isDigit(each)) {
                    digits++;
                    last = end;
                } else if (!(isSeparator(each) && end + 1 < text.length() && isDigit(text.charAt(end + 1)))) {
                    break;
                }
                end++;
            }
            if (digits >= SHORTEST_CARD) {
                Finder.Span found = within(text, at, last + 1);
                if (found.exists()) {
                    return found;
                }
            }
            at = Math.max(end, at + 1);
        }
        return Finder.Span.NONE;
    }

    /** The whole run, or what begins and ends at the borders of its groups. */
    private static Finder.Span within(String text, int start, int end) {
        for (int from = start; from < end; from = nextGroup(text, from, end)) {
            for (int to = end; to > from; to = groupBefore(text, from, to)) {
                if (isCard(text, from, to)) {
                    return new Finder.Span(from, to);
                }
            }
        }
        return Finder.Span.NONE;
    }

    private static int nextGroup(String text, int from, int end) {
        int at = from;
        while (at < end && isDigit(text.charAt(at))) {
            at++;
        }
        return at < end ? at + 1 : end;
    }

    private static int groupBefore(String text, int from, int to) {
        int at = to - 1;
        while (at > from && isDigit(text.charAt(at))) {
            at--;
        }
        return at;
    }

    private static boolean isCard(String text, int from, int to) {
        int digits = 0;
        int sum = 0;
        boolean allZero = true;
        for (int at = to - 1; at >= from; at--) {
            char each = text.charAt(at);
            if (!isDigit(each)) {
                continue;
            }
            int value = each - '0';
            allZero &= value == 0;
            int doubled = value * 2;
            sum += digits % 2 == 0 ? value : doubled > 9 ? doubled - 9 : doubled;
            digits++;
        }
        return digits >= SHORTEST_CARD && digits <= LONGEST_CARD && sum % 10 == 0 && !allZero;
    }

    private static boolean isSeparator(char each) {
        return each == ' ' || each == '-' || each == '\u00a0';
    }

    private static boolean isDigit(char each) {
        return each >= '0' && each <= '9';
    }
}
