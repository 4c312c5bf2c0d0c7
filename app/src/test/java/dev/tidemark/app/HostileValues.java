package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What nobody should send: texts and values that break parsers, queries, pages, paths and heads, and JSON that is bent by its structure. */
final class HostileValues {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "null",
            "'; DROP TABLE events; --",
            "' OR tenant_id != '",
            "\\' OR 1=1) --",
            "{tenant:String}",
            "%' UNION ALL SELECT * FROM system.users --",
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "../../../../etc/passwd",
            "..%2f..%2f..%2fetc%2fpasswd",
            "..\\..\\windows\\win.ini",
            "%00",
            "a\u0000b",
            "x\r\nSet-Cookie: planted=1",
            "x\r\n\r\nHTTP/1.1 200 OK",
            "\ud800",
            "\udfff\ud800",
            "\u202e\u0000\ufffe",
            "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc66",
            "${jndi:ldap://127.0.0.1/a}",
            "{{7*7}}",
            "=cmd|' /C calc'!A0",
            "1e309",
            "-1",
            "9223372036854775808",
            "0x7fffffff",
            "NaN",
            "Infinity",
            "9999-99-99T99:99:99Z",
            "+292278994-08-17T07:12:55.807Z",
            "-999999999-01-01T00:00:00Z",
            "99999999999999d",
            "Europe/Nowhere",
            "(a+)+$",
            "(?:(?:(?:a{1000}){1000}){1000})",
            "[",
            "__proto__",
            "constructor",
            "tenant_id",
            "user." + "a.".repeat(200),
            "properties." + "x".repeat(3_000),
            "globex");
    private static final List<String> SCALARS = List.of(
            "null",
            "true",
            "0",
            "-0.0",
            "1e999",
            "-1e-999",
            "9223372036854775808",
            "-9223372036854775809",
            "1" + "0".repeat(900),
            "0." + "3".repeat(900),
            "[]",
            "{}",
            "[[[[[[[[[[[[]]]]]]]]]]]]",
            "[null]",
            "{\"\":null}",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "2147483648");

    /** Where something is to stand that a tree cannot hold. */
    private static final String HOLE = "\"@@\"";

    private static final int MOST_HOLES = 30;

    private final Random random;

    HostileValues(Random random) {
        this.random = random;
    }

    String text() {
        return switch (random.nextInt(40)) {
            case 0 -> "x".repeat(random.nextInt(20_000));
            case 1 -> "\u00e9\ud83d\ude00".repeat(random.nextInt(2_000));
            case 2, 3, 4 -> letters(random.nextInt(30));
            default -> TEXTS.get(random.nextInt(TEXTS.size()));
        };
    }

    String letters(int length) {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < length; index++) {
            text.append((char) (' ' + random.nextInt(95)));
        }
        return text.toString();
    }

    /** A JSON value as text, not always a valid one. */
    String value() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> quoted(text());
            case 4 -> "{\"a\":".repeat(random.nextInt(1_500)) + "1";
            case 5 -> "[".repeat(random.nextInt(3_000)) + "]";
            case 6 -> {
                int depth = random.nextInt(900);
                yield "[".repeat(depth) + "]".repeat(depth);
            }
            case 7 ->
                List.of("NaN", "-Infinity", "undefined", "'a'", "01", "+1", ".5", "tru", "\"\\x\"", "/**/1")
                        .get(random.nextInt(10));
            case 8 -> "[" + (quoted(text()) + ",").repeat(random.nextInt(400)) + "1]";
            default -> SCALARS.get(random.nextInt(SCALARS.size()));
        };
    }

    /** A document with one to four of its places made wrong. */
    String bent(JsonNode good) {
        String text = good.toString();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            List<JsonNode> holders = new ArrayList<>();
            collect(good, holders);
            if (holders.isEmpty()) {
                break;
            }
            bend(holders.get(random.nextInt(holders.size())));
            text = good.toString();
        }
        text = filled(text);
        return random.nextInt(12) == 0 && text.startsWith("{\"")
                ? "{" + quoted(text()) + ":1," + twice(good) + text.substring(1)
                : text;
    }

    /** What cannot be in a tree is put in its place as text; where a place was copied many times, the first of them. */
    private String filled(String text) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        int left = MOST_HOLES;
        for (int at = text.indexOf(HOLE); at >= 0; at = text.indexOf(HOLE, from)) {
            filled.append(text, from, at).append(left-- > 0 ? value() : "0");
            from = at + HOLE.length();
        }
        return filled.append(text, from, text.length()).toString();
    }

    private String twice(JsonNode object) {
        Iterator<Map.Entry<String, JsonNode>> members = object.properties().iterator();
        if (!members.hasNext()) {
            return "";
        }
        Map.Entry<String, JsonNode> first = members.next();
        return quoted(first.getKey()) + ":" + first.getValue() + ",";
    }

    private void bend(JsonNode holder) {
        if (holder instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(6)) {
                case 0 -> object.remove(name);
                case 1 -> object.put(text(), 1);
                case 2 -> object.set(name, object.deepCopy());
                default -> object.put(name, "@@");
            }
        } else if (holder instanceof ArrayNode array && !array.isEmpty()) {
            switch (random.nextInt(4)) {
                case 0 -> array.remove(random.nextInt(array.size()));
                case 1 -> {
                    JsonNode each = array.get(0);
                    for (int count = random.nextInt(300); count > 0; count--) {
                        array.add(each);
                    }
                }
                default -> array.set(random.nextInt(array.size()), "@@");
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode() && into.size() < 200) {
            into.add(node);
            node.forEach(child -> collect(child, into));
        }
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char each : text.toCharArray()) {
            switch (each) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (each < ' ' || Character.isSurrogate(each)) {
                        quoted.append("\\u%04x".formatted((int) each));
                    } else {
                        quoted.append(each);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
