package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tidemark.account.MaskingRule;
import dev.tidemark.base.Attributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The masking rules of one tenant, compiled. A rule for a field holds for everything below it too. Patterns run in linear time.
 * A rule whose pattern cannot be read masks the whole value. Thread-safe.
 */
final class MaskingRules {
    private static final Set<String> ROOTS = Set.of("properties", "traits", "context");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REDACTED = "***";
    private static final double FIRST_INEXACT = 0x1p53;
    private static final double PAST_LONGEST_CARD = 1e19;
    /** How often a text may have been escaped over again and still be looked into. */
    private static final int ESCAPE_LEVELS = 3;

    private final List<Rule> rules;
    private final KeyedHash hash;

    MaskingRules(List<MaskingRule> rules, KeyedHash hash) {
        this.rules = rules.stream().map(Rule::compile).toList();
        this.hash = hash;
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    /** The text that may be kept of a field's value; null when nothing may. */
    @Nullable
    String text(String field, @Nullable String value) {
        return text(field, field, value);
    }

    /**
     * The same for a field that rules may know by either of two names. Percent escapes hide nothing: where only the unescaped
     * form matches, that form is kept, masked.
     */
    @Nullable
    String text(String field, String alias, @Nullable String value) {
        String kept = asWritten(field, alias, value);
        if (kept == null || kept.indexOf('%') < 0 || rules.isEmpty()) {
            return kept;
        }
        String unescaped = kept;
        for (int level = 0; level < ESCAPE_LEVELS && unescaped.indexOf('%') >= 0; level++) {
            unescaped = Escapes.read(unescaped);
            String masked = asWritten(field, alias, unescaped);
            if (!unescaped.equals(masked)) {
                return masked == null || Texts.storable(masked) ? masked : REDACTED;
            }
        }
        return kept;
    }

    private @Nullable String asWritten(String field, String alias, @Nullable String value) {
        String kept = value;
        for (Rule rule : rules) {
            if (kept == null) {
                return null;
            }
            if (rule.covers(field) || rule.covers(alias)) {
                kept = rule.apply(kept, hash);
            }
        }
        return kept;
    }

    /** An id without what the rules for every text match; always hashed, so that different ids stay different. */
    String identifier(String value) {
        String kept = through(value, this::hashed);
        return kept.equals(REDACTED) ? hash.of(value) : kept;
    }

    private String hashed(String value) {
        String kept = value;
        for (Rule rule : rules) {
            if (rule.finder != null && rule.everything()) {
                String masked =
                        new Rule(rule.field, rule.finder, rule.cards, MaskingRule.Action.HASH).apply(kept, hash);
                kept = masked == null ? kept : masked;
            }
        }
        return kept;
    }

    /**
     * Attributes below a root as they may be kept. Numbers and booleans that a rule replaces become texts.
     *
     * @param aliases a second path under which rules may know a name, or the first again
     */
    Attributes attributes(String root, Attributes attributes, UnaryOperator<String> aliases) {
        if (attributes.isEmpty()) {
            return attributes;
        }
        Map<String, String> strings = new HashMap<>();
        Map<String, Double> numbers = new HashMap<>();
        Map<String, Boolean> booleans = new HashMap<>();
        attributes.strings().forEach((name, value) -> {
            String field = root + '.' + name;
            put(
                    strings,
                    name,
                    value.startsWith("[")
                            ? array(field, aliases.apply(field), value)
                            : text(field, aliases.apply(field), value));
        });
        attributes.numbers().forEach((name, value) -> {
            String plain = Numbers.plain(value);
            String field = root + '.' + name;
            String masked = text(field, aliases.apply(field), plain);
            if (isTooLongToTell(value) && masksCards(field, aliases.apply(field))) {
                put(strings, name, REDACTED);
            } else if (plain.equals(masked)) {
                numbers.put(nameOf(name), value);
            } else {
                put(strings, name, masked);
            }
        });
        attributes.booleans().forEach((name, value) -> {
            String field = root + '.' + name;
            String masked = text(field, aliases.apply(field), value.toString());
            if (value.toString().equals(masked)) {
                booleans.put(nameOf(name), value);
            } else {
                put(strings, name, masked);
            }
        });
        return new Attributes(strings, numbers, booleans);
    }

    /** A JSON value as it may be kept: members by their path, elements of arrays by the path of the array. */
    @Nullable
    JsonNode tree(String at, JsonNode node) {
        return new MaskedTree(this).mask(at, node);
    }

    /** A name without what the rules for every text match. */
    String nameOf(String name) {
        return through(name, this::redacted);
    }

    /** What a mask leaves of a text, or of what its percent escapes hide. */
    private String through(String written, UnaryOperator<String> mask) {
        String kept = mask.apply(written);
        if (kept.indexOf('%') < 0 || rules.isEmpty()) {
            return kept;
        }
        String unescaped = kept;
        for (int level = 0; level < ESCAPE_LEVELS && unescaped.indexOf('%') >= 0; level++) {
            unescaped = Escapes.read(unescaped);
            String masked = mask.apply(unescaped);
            if (!unescaped.equals(masked)) {
                return Texts.storable(masked) ? masked : REDACTED;
            }
        }
        return kept;
    }

    private String redacted(String name) {
        String kept = name;
        for (Rule rule : rules) {
            if (rule.finder != null && rule.everything()) {
                String masked = rule.apply(kept, hash);
                kept = masked == null || masked.isEmpty() ? REDACTED : masked;
            }
        }
        return kept;
    }

    /** A path without what they match, below the member of the event that it begins with. */
    String pathOf(String path) {
        int dot = path.indexOf('.');
        return dot > 0 && ROOTS.contains(path.substring(0, dot))
                ? path.substring(0, dot + 1) + nameOf(path.substring(dot + 1))
                : nameOf(path);
    }

    /** Of a number this long the last digits are gone, and with them what tells a card from another. */
    private static boolean isTooLongToTell(double value) {
        return Math.abs(value) >= FIRST_INEXACT && Math.abs(value) < PAST_LONGEST_CARD;
    }

    private boolean masksCards(String field, String alias) {
        return rules.stream().anyMatch(rule -> rule.cards && (rule.covers(field) || rule.covers(alias)));
    }

    private void put(Map<String, String> strings, String name, @Nullable String value) {
        if (value != null) {
            strings.put(nameOf(name), value);
        }
    }

    private @Nullable String array(String field, String alias, String value) {
        try {
            JsonNode node = JSON.readTree(value);
            if (node != null && node.isArray()) {
                JsonNode masked = tree(alias, node);
                return masked == null ? null : JSON.writeValueAsString(masked);
            }
        } catch (JsonProcessingException _) {
            return text(field, alias, value);
        }
        return text(field, alias, value);
    }

    /** @param finder of what is replaced; null for the whole value */
    private record Rule(String field, @Nullable Finder finder, boolean cards, MaskingRule.Action action) {
        static Rule compile(MaskingRule rule) {
            String field = rule.field().endsWith(".*")
                    ? rule.field().substring(0, rule.field().length() - 2)
                    : rule.field();
            return new Rule(
                    RawContext.canonical(field), finder(rule), rule.detect() == MaskingRule.Detect.CARD, rule.action());
        }

        private static @Nullable Finder finder(MaskingRule rule) {
            if (rule.detect() != null) {
                return Detection.of(rule.detect());
            }
            String pattern = rule.pattern();
            try {
                return pattern == null ? null : Finder.of(Pattern.compile(pattern));
            } catch (PatternSyntaxException _) {
                return null;
            }
        }

        boolean everything() {
            return field.equals("*");
        }

        boolean covers(String path) {
            return everything()
                    || (path.startsWith(field)
                            && (path.length() == field.length() || path.charAt(field.length()) == '.'));
        }

        @Nullable
        String apply(String value, KeyedHash hash) {
            if (finder == null) {
                return switch (action) {
                    case DROP -> null;
                    case HASH -> hash.of(value);
                    case REDACT -> REDACTED;
                    case TRUNCATE -> IpText.truncated(value);
                };
            }
            Finder.Span found = finder.next(value, 0);
            if (!found.exists()) {
                return value;
            }
            StringBuilder kept = new StringBuilder();
            int from = 0;
            while (found.exists()) {
                kept.append(value, from, found.start());
                String part = value.substring(found.start(), found.end());
                switch (action) {
                    case DROP -> {}
                    case HASH -> kept.append(hash.of(part));
                    case REDACT -> kept.append(REDACTED);
                    case TRUNCATE -> {
                        String truncated = IpText.truncated(part);
                        kept.append(truncated == null ? REDACTED : truncated);
                    }
                }
                from = found.end();
                found = finder.next(value, from);
            }
            return kept.append(value, from, value.length()).toString();
        }
    }
}
