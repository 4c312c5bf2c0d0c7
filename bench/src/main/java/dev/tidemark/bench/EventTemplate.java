package dev.tidemark.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One event as JSON bytes, with the places that differ from event to event: id, time, actor, session, account and a few digits.
 *
 * @param bytes valid JSON even before it is patched; not to be changed
 * @param account -1 where the event tells no account
 * @param digits start and length of runs of digits that may take any value, flattened
 */
record EventTemplate(byte[] bytes, int id, int time, int actor, int session, int account, int[] digits) {
    static final int ACCOUNT_DIGITS = 6;
    static final int ACTOR_DIGITS = 6;
    static final int SESSION_DIGITS = 12;

    /** Collects the text of a template and where its slots are. */
    static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private final List<Integer> digits = new ArrayList<>();
        private int id = -1;
        private int time = -1;
        private int actor = -1;
        private int session = -1;
        private int account = -1;

        Builder text(String literal) {
            text.append(literal);
            return this;
        }

        Builder id() {
            id = text.length();
            text.append("00000000-0000-4000-8000-000000000000");
            return this;
        }

        Builder time() {
            time = text.length();
            text.append("1970-01-01T00:00:00.000Z");
            return this;
        }

        Builder actor() {
            actor = text.length();
            text.repeat('0', ACTOR_DIGITS);
            return this;
        }

        Builder session() {
            session = text.length();
            text.repeat('0', SESSION_DIGITS);
            return this;
        }

        Builder account() {
            account = text.length();
            text.repeat('0', ACCOUNT_DIGITS);
            return this;
        }

        /** A whole number of a fixed width whose first digit stays as given. */
        Builder number(int leading, int free) {
            text.append(leading);
            return free(free);
        }

        /** A number with two decimals. */
        Builder amount(int leading, int free) {
            number(leading, free).text(".");
            return free(2);
        }

        private Builder free(int width) {
            if (width > 0) {
                digits.add(text.length());
                digits.add(width);
                text.repeat('0', width);
            }
            return this;
        }

        EventTemplate build() {
            if (id < 0 || time < 0 || actor < 0 || session < 0) {
                throw new IllegalStateException("a template needs an id, a time, an actor and a session: " + text);
            }
            return new EventTemplate(
                    text.toString().getBytes(StandardCharsets.US_ASCII),
                    id,
                    time,
                    actor,
                    session,
                    account,
                    digits.stream().mapToInt(Integer::intValue).toArray());
        }
    }
}
