package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A batch of the crash test: the same bytes whenever it is sent. Its events carry where they belong, so that the store can
 * be asked for each batch: {@code writer}, {@code group} (of a hundred batches), {@code batch}, {@code item} (unique),
 * {@code seq} (1 to size). Every tenth event lies in an earlier month, so that batches span partitions of the store.
 *
 * @param number of the writer's batches, from 0
 * @param millis when it was made, Unix milliseconds
 */
record CrashBatch(int writer, int number, int size, long millis) {
    static final List<String> EVENT_TYPES = List.of("crash_view", "crash_click", "crash_order");
    static final int GROUP_SIZE = 100;
    static final Duration OLDEST = Duration.ofDays(35);
    private static final int USERS = 500;

    String id() {
        return String.format(Locale.ROOT, "w%d-%06d", writer, number);
    }

    String group() {
        return "w" + writer + "-g" + number / GROUP_SIZE;
    }

    /** The sum of {@code seq} over the batch. */
    long sum() {
        return (long) size * (size + 1) / 2;
    }

    /** The request body. */
    String body() {
        SplittableRandom random = new SplittableRandom(writer * 1_000_003L + number);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode events = body.putArray("batch");
        for (int seq = 1; seq <= size; seq++) {
            long time = seq % 10 == 0 ? millis - OLDEST.toMillis() : millis - seq;
            int user = random.nextInt(1 + random.nextInt(USERS));
            ObjectNode event = events.addObject();
            event.put("event_id", id() + "-" + seq);
            event.put("event_type", EVENT_TYPES.get(seq % EVENT_TYPES.size()));
            event.put("timestamp", Instant.ofEpochMilli(time).toString());
            event.put("user_id", "crash_user_" + user);
            event.put("session_id", "s" + user % 50 + "-" + number / 20);
            event.putObject("properties")
                    .put("writer", "w" + writer)
                    .put("group", group())
                    .put("batch", id())
                    .put("item", id() + "-" + seq)
                    .put("seq", seq);
        }
        return body.toString();
    }
}
