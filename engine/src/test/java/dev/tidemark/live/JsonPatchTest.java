package dev.tidemark.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JsonPatchTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> NAMES = List.of("a", "b/c", "~d", "~1", "", "größe");

    @Test
    void turnsTheFirstIntoTheSecond() {
        long seed = 4;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            JsonNode before = value(random, 4);
            JsonNode after = random.nextBoolean() ? value(random, 4) : changed(before, random);
            ArrayNode patch = JsonPatch.between(before, after);
            assertThat(Patching.patched(before, patch))
                    .as("seed %d at %d", seed, i)
                    .isEqualTo(after);
            assertThat(patch.isEmpty()).isEqualTo(before.equals(after));
        }
    }

    @Test
    void namesOnlyThePointThatMoved() {
        ObjectNode before = JSON.objectNode();
        before.putArray("points").addObject().put("time", "10:00").put("value", 1);
        before.withArray("points").addObject().put("time", "11:00").put("value", 2);
        ObjectNode after = before.deepCopy();
        ((ObjectNode) after.at("/points/1")).put("value", 3);
        assertThat(JsonPatch.between(before, after))
                .hasToString("[{\"op\":\"replace\",\"path\":\"/points/1/value\",\"value\":3}]");
    }

    private static JsonNode changed(JsonNode value, SplittableRandom random) {
        JsonNode copy = value.deepCopy();
        if (copy instanceof ObjectNode object && !object.isEmpty()) {
            object.set(NAMES.get(random.nextInt(NAMES.size())), value(random, 1));
        }
        return copy;
    }

    private static JsonNode value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.numberNode(random.nextInt(3));
            case 2 -> JSON.textNode(NAMES.get(random.nextInt(NAMES.size())));
            case 3 -> JSON.booleanNode(random.nextBoolean());
            case 4 -> {
                ArrayNode list = JSON.arrayNode();
                int size = random.nextInt(4);
                for (int i = 0; i < size; i++) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                ObjectNode object = JSON.objectNode();
                int size = random.nextInt(5);
                for (int i = 0; i < size; i++) {
                    object.set(NAMES.get(random.nextInt(NAMES.size())), value(random, depth - 1));
                }
                yield object;
            }
        };
    }
}
