package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.EventSchema;
import dev.tidemark.account.MaskingRule;
import dev.tidemark.account.MaskingRule.Action;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.http.Reply;
import dev.tidemark.journal.JournalRecord;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MaskingTest {
    private static final String MAIL = "bob.planted@example.com";
    private static final String CARD = "4111111111111111";
    private static final String EVERYWHERE = """
            {"event_type":"paid by %1$s","event_id":"order %1$s","user_id":"%1$s","anonymous_id":"x-%2$s","session_id":"%1$s",
             "properties":{"note":"mail %1$s or %2$s","card":%2$s,"list":["%1$s",{"deep":"%2$s","n":%2$s}],"%1$s":"name",
               "a":{"b":{"c":"%1$s"}},"url":"https://x.example/?to=%1$s"},
             "traits":{"email":"%1$s","cards":[%2$s]},
             "context":{"page":{"url":"https://shop.example/u/%1$s?utm_content=bob.planted%%40example.com&c=%2$s","title":"%1$s",
               "referrer":"https://r.example/?q=bob.planted%%40example.com"},"locale":"%1$s","campaign":{"name":"%1$s"},
               "library":{"name":"%1$s","version":"%2$s"},"app":{"version":"%1$s"},"os":{"name":"%1$s"}},
             "timestamp":"%3$s","write_key":"wk_acme"}""";
    private static final MaskingRule MAILS =
            new MaskingRule("*", "[A-Za-z0-9._-]+@[A-Za-z0-9.-]+\\.[a-z]+", Action.HASH);
    private static final MaskingRule CARDS = new MaskingRule("*", "\\b\\d{16}\\b", Action.REDACT);

    private final FixedTenants tenants = new FixedTenants();
    private final Desk desk = new Desk(tenants);

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void nothingThatTheRulesMatchIsEverInTheJournal() {
        tenants.masking(MAILS, CARDS).schema("strict " + MAIL, EventSchema.Mode.ENFORCE, "{\"required\":[\"x\"]}");
        String event = EVERYWHERE.formatted(MAIL, CARD, "2026-03-01T12:00:00Z");
        desk.send(event);
        desk.send(event.replace("paid by", "identify").replace("identify " + MAIL, "identify"));
        desk.send(event.replace("2026-03-01", "2027-03-01"));
        desk.send(event.replace("paid by ", "strict "));
        desk.send(segment(
                "page",
                "{\"userId\":\"" + MAIL + "\",\"name\":\"" + MAIL + "\",\"properties\":{\"url\":\"https://x.example/"
                        + MAIL + "\",\"title\":\"" + CARD + "\"}}"));
        desk.send(segment(
                "group", "{\"userId\":\"1\",\"groupId\":\"" + MAIL + "\",\"traits\":{\"owner\":\"" + MAIL + "\"}}"));
        desk.send(segment("alias", "{\"userId\":\"1\",\"previousId\":\"" + MAIL + "\"}"));
        desk.send(deposit("{\"dead_letters\":[{\"id\":\"" + MAIL + "\",\"reason\":\"broken\",\"message\":\"at " + MAIL
                + "\",\"source\":\"import\",\"payload\":\"GET /?mail=" + MAIL + "&card=" + CARD + "\"},"
                + "{\"id\":\"2\",\"reason\":\"broken\",\"message\":\"m\",\"source\":\"import\",\"payload\":{\"x\":[\""
                + MAIL
                + "\"]}}]}"));
        assertThat(desk.entries()).hasSize(9);
        for (JournalRecord record : desk.records()) {
            String bytes = new String(record.bytes(), StandardCharsets.UTF_8);
            assertThat(bytes)
                    .doesNotContain(MAIL)
                    .doesNotContain("bob.planted")
                    .doesNotContain(CARD)
                    .doesNotContain("wk_acme");
        }
    }

    @Test
    void withoutRulesEverythingIsKept() {
        Event event = desk.event(EVERYWHERE.formatted(MAIL, CARD, "2026-03-01T12:00:00Z"));
        assertThat(event.userId()).isEqualTo(MAIL);
        assertThat(event.context()).containsEntry(ContextField.UTM_CONTENT, MAIL);
    }

    @Test
    void appliesRulesByFieldAndInOrder() {
        tenants.masking(
                new MaskingRule("properties.email", null, Action.DROP),
                new MaskingRule("properties.address.*", null, Action.REDACT),
                new MaskingRule("properties.people.name", null, Action.REDACT),
                new MaskingRule("properties.age", null, Action.HASH),
                new MaskingRule("properties.note", "\\d+", Action.DROP),
                new MaskingRule("properties.note", "a+", Action.REDACT),
                new MaskingRule("user_id", null, Action.HASH),
                new MaskingRule("context.page.url", "token=[^&]*", Action.REDACT),
                new MaskingRule("context.page_title", null, Action.DROP));
        String body = """
                {"event_type":"e","user_id":"u1","properties":{"email":"x","address":{"street":"s","no":4},"age":44,
                "note":"12aa34b","emails":"kept","people":[{"name":"n","role":"r"}],"addressee":"kept"},
                "context":{"page":{"url":"https://a.example/p?token=abc&x=1","title":"secret"}}}""";
        Event first = desk.event(body);
        Event second = desk.event(body);
        assertThat(first.properties().strings())
                .containsEntry("address.street", "***")
                .containsEntry("address.no", "***")
                .containsEntry("note", "***b")
                .containsEntry("emails", "kept")
                .containsEntry("addressee", "kept")
                .containsEntry("people", "[{\"name\":\"***\",\"role\":\"r\"}]")
                .doesNotContainKey("email");
        assertThat(first.properties().numbers()).isEmpty();
        assertThat(first.properties().strings().get("age")).matches("[0-9a-f]{32}");
        assertThat(first.userId()).matches("[0-9a-f]{32}").isEqualTo(second.userId());
        assertThat(first.context())
                .containsEntry(ContextField.PAGE_URL, "https://a.example/p?***&x=1")
                .containsEntry(ContextField.PAGE_PATH, "/p")
                .doesNotContainKey(ContextField.PAGE_TITLE);
    }

    @Test
    void aDroppedAddressLeavesNoPathAndNoCampaign() {
        tenants.masking(new MaskingRule("context.page_url", null, Action.HASH));
        Event event = desk.event(
                "{\"event_type\":\"e\",\"context\":{\"page\":{\"url\":\"https://a.example/secret?utm_source=s\"}}}");
        assertThat(event.context()).containsOnlyKeys(ContextField.PAGE_URL);
    }

    @Test
    void aRuleWithABrokenPatternMasksTheWholeValue() {
        tenants.masking(new MaskingRule("properties.x", "(unclosed", Action.REDACT));
        assertThat(desk.event("{\"event_type\":\"e\",\"properties\":{\"x\":\"value\"}}")
                        .properties()
                        .strings())
                .isEqualTo(Map.of("x", "***"));
    }

    @Test
    void hashesDifferBetweenTenants() {
        Masking masking = new Masking(Desk.CONFIG.maskingKey());
        MaskingRule rule = new MaskingRule("*", null, Action.HASH);
        String acme = masking.of(FixedTenants.ACME, java.util.List.of(rule)).text("user_id", "u");
        String other = masking.of(FixedTenants.OTHER, java.util.List.of(rule)).text("user_id", "u");
        assertThat(acme).isNotNull().isNotEqualTo(other);
    }

    @Test
    void masksThePayloadOfADeadLetterByField() {
        tenants.masking(
                new MaskingRule("properties.email", null, Action.REDACT),
                new MaskingRule("user_id", null, Action.DROP),
                new MaskingRule("context.ip", null, Action.REDACT));
        Reply reply = desk.send("""
                {"event_type":"e","timestamp":"2027-01-01","user_id":"u","properties":{"email":"x@y.z","n":1},"context":{"ip":"10.1.2.3"},"write_key":"k"}""");
        assertThat(reply.status()).isEqualTo(202);
        DeadLetter letter = (DeadLetter) desk.entries().getLast();
        assertThat(letter.payload())
                .isEqualTo(
                        "{\"event_type\":\"e\",\"timestamp\":\"2027-01-01\",\"properties\":{\"email\":\"***\",\"n\":1},"
                                + "\"context\":{\"ip\":\"***\"}}");
    }

    static Submission segment(String call, String body) {
        return new Submission(
                Submission.Kind.SEGMENT,
                call.equals("batch") ? SegmentFormat.ANY : SegmentFormat.of(call),
                body.getBytes(StandardCharsets.UTF_8),
                FixedTenants.WRITE_KEY,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                "c");
    }

    static Submission deposit(String body) {
        return new Submission(
                Submission.Kind.DEAD_LETTERS,
                NativeFormat.INSTANCE,
                body.getBytes(StandardCharsets.UTF_8),
                FixedTenants.SECRET_KEY,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                "c");
    }
}
