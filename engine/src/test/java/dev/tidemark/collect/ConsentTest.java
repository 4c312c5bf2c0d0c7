package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.ConsentRule;
import dev.tidemark.account.EventSchema;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConsentTest {
    private static final String DENIED = """
            {"event_type":"view","event_id":"e-1","user_id":"ada","anonymous_id":"a","session_id":"s","properties":{"n":1},
             "context":{"consent":{"analytics":false},"ip":"10.1.2.3","user_agent":"agent"}}""";

    private final FixedTenants tenants = new FixedTenants();
    private final Desk desk = new Desk(tenants);

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void withoutARuleTheFlagChangesNothing() {
        assertThat(desk.event(DENIED).userId()).isEqualTo("ada");
    }

    @Test
    void aDeniedEventIsDroppedAndItsSenderNeedNotRepeatIt() {
        tenants.consent(new ConsentRule(ConsentRule.Mode.DROP, "analytics"));

        Reply reply = desk.send(DENIED);

        assertThat(reply.status()).isEqualTo(202);
        assertThat(text(reply)).contains("\"status\":\"dropped\"", "\"event_id\":\"e-1\"");
        assertThat(desk.entries()).isEmpty();
        assertThat(desk.count("tidemark.events.dropped", "reason", "consent")).isEqualTo(1);
        String batch = text(desk.send("{\"batch\":[" + DENIED + ",{\"event_type\":\"view\"}]}"));
        assertThat(batch).contains("\"accepted\":1", "\"dropped\":1", "\"rejected\":0");
        assertThat(desk.entries()).hasSize(1);
    }

    @Test
    void aDeniedEventIsKeptWithoutItsPerson() {
        tenants.consent(new ConsentRule(ConsentRule.Mode.ANONYMIZE, "Analytics"));

        Event event = desk.event(DENIED);

        assertThat(event.userId()).isNull();
        assertThat(event.anonymousId()).isNull();
        assertThat(event.sessionId()).isNull();
        assertThat(event.context()).isEmpty();
        assertThat(event.properties().numbers()).containsEntry("n", 1.0);
        desk.send(DENIED.replace("view", "identify"));
        assertThat(desk.entries())
                .as("an identify is of nothing but the person")
                .hasSize(1);
    }

    @Test
    void aDeadLetterOfADeniedEventNamesNobody() {
        tenants.consent(new ConsentRule(ConsentRule.Mode.ANONYMIZE, "analytics"))
                .schema("view", EventSchema.Mode.ENFORCE, "{\"required\":[\"x\"]}");
        desk.send(DENIED);
        assertThat(((DeadLetter) desk.entries().getFirst()).payload())
                .contains("\"n\":1")
                .doesNotContain("ada")
                .doesNotContain("10.1.2.3")
                .doesNotContain("agent");
    }

    @Test
    void readsWhatSegmentsClientsSayAlsoForAWholeBatch() {
        tenants.consent(new ConsentRule(ConsentRule.Mode.DROP, "analytics"));
        String preferences =
                "\"context\":{\"consent\":{\"categoryPreferences\":{\"Advertising\":true,\"Analytics\":%s}}}";
        String call = "{\"type\":\"track\",\"event\":\"view\",\"userId\":\"u\"%s}";
        Reply denied = desk.send(MaskingTest.segment(
                "batch", "{\"batch\":[" + call.formatted("") + "]," + preferences.formatted("false") + "}"));
        assertThat(denied.status()).isEqualTo(200);
        assertThat(desk.entries()).isEmpty();
        desk.send(MaskingTest.segment(
                "batch", "{\"batch\":[" + call.formatted("," + preferences.formatted("true")) + "]}"));
        assertThat(desk.entries()).hasSize(1);
    }

    @Test
    void whatIsNoConsentIsNoDenial() {
        tenants.consent(new ConsentRule(ConsentRule.Mode.DROP, "analytics"));
        for (String consent : List.of(
                "null",
                "false",
                "[]",
                "{}",
                "{\"analytics\":\"no\"}",
                "{\"analytics\":[false]}",
                "{\"categoryPreferences\":{\"ads\":false}}",
                "{\"deep\":{\"analytics\":false}}")) {
            desk.event("{\"event_type\":\"view\",\"context\":{\"consent\":" + consent + "}}");
        }
        assertThat(desk.entries()).hasSize(8);
    }

    private static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
