package dev.tidemark.govern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.journal.JournalRecord;
import dev.tidemark.store.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks for planted e-mail addresses, card and IP numbers wherever something is written; tables are read through the engine, compressed as they are. */
@Timeout(120)
class PlantedValuesTest {
    private static final List<String> PLANTED = List.of("planted.person", "4111111111111111", "203.0.113.77");
    private static final String EVENTS = """
            {'batch':[
             {'event_type':'view','user_id':'planted.person@example.org','anonymous_id':'a-4111111111111111','session_id':'s planted.person@example.org',
              'properties':{'note':'pay with 4111111111111111 or mail planted.person@example.org from 203.0.113.77','card':4111111111111111,
               'deep':{'er':['x planted.person@example.org',{'n':'203.0.113.77'}]},'planted.person@example.org':1,
               'again':'https://x.example/?m=planted.person%2540example.org&bad=100%'},
              'context':{'page':{'url':'https://x.example/p/planted.person@example.org?c=4111111111111111&utm_source=planted.person%40example.org',
               'title':'203.0.113.77','referrer':'https://r.example/?q=planted.person%40example.org'},'user_agent':'bot planted.person@example.org',
               'campaign':{'name':'planted.person@example.org'}}},
             {'event_type':'identify','user_id':'planted.person@example.org','traits':{'email':'planted.person@example.org','cards':['4111111111111111'],'ip':'203.0.113.77'}},
             {'event_type':'strict','event_id':'order of planted.person@example.org','user_id':'planted.person@example.org','properties':{'card':4111111111111111,'ip':'203.0.113.77'}},
             {'event_type':'mail to planted.person%40example.org','event_id':'for planted.person%40example.org','properties':{'to planted.person%2540example.org':1,'9planted.person%40example.org':true}},
             {'event_type':'closed','user_id':'PLANTED.person@example.org','properties':{'planted.person@example.org':1}},
             {'event_type':'closed','properties':{'inner':{'to planted.person%40example.org':{'4111111111111111':1}}}},
             {'event_type':'closed','properties':{'one':'planted.person@example.org'}}]}""";
    private static final String CLOSED = """
            {'event_type':'closed','mode':'enforce','schema':{'additionalProperties':false,
             'properties':{'one':{'enum':['a']},'inner':{'additionalProperties':false}}}}""";

    @TempDir
    Path directory;

    private GovernFixture with;

    @BeforeEach
    void open() {
        with = new GovernFixture(directory);
        with.ok("POST", "/api/v1/schemas", "{'event_type':'strict','mode':'enforce','schema':{'required':['x']}}");
        with.ok("POST", "/api/v1/schemas", CLOSED);
    }

    @AfterEach
    void close() {
        with.close();
    }

    @Test
    void withTheRecommendedRulesNothingOfThemIsAnywhere() throws IOException {
        with.settings("{'masking':'recommended'}");
        send();
        assertThat(places()).isEmpty();
        assertThat(with.count(
                        Table.EVENTS, "countIf(user_id != '' AND position(props_str['note'], '203.0.113.0') > 0)"))
                .as("what may be kept is")
                .isEqualTo(1);
        String letter =
                with.get("/api/v1/dead-letters?event_type=closed&limit=1000").toString();
        assertThat(letter).contains("\"field\":\"properties.inner.to ", "\"field\":\"properties.one\"");
        assertThat(with.send("GET", "/api/v1/users/planted.person@example.org/export", "")
                        .body())
                .contains("\"event_type\":\"view\"")
                .as("but for the id that was asked for")
                .satisfies(
                        export -> assertThat(export.replaceFirst("\\{\"user_id\":\"planted.person@example.org\"", ""))
                                .doesNotContain(PLANTED));
    }

    @Test
    void withoutRulesTheSearchFindsThemEverywhere() throws IOException {
        send();
        assertThat(places()).contains("events", "letters", "profiles", "journal", "files");
    }

    private void send() {
        with.ok("POST", "/api/v1/events", EVENTS);
        with.send(
                "POST",
                "/v1/page",
                "{'userId':'planted.person@example.org','properties':{'url':'https://x.example/4111111111111111'}}");
        with.ok("POST", "/api/v1/dead-letters", """
                {'dead_letters':[{'id':'second','reason':'for planted.person@example.org','field':'a.planted.person@example.org','message':'x',
                 'source':'import:/home/planted.person%40example.org/203.0.113.77.log','event_type':'4111111111111111','payload':'x'},
                 {'id':'line planted.person@example.org','reason':'broken','message':'at planted.person@example.org','source':'import',
                 'payload':'203.0.113.77 GET /?m=planted.person%40example.org'}]}""");
        with.settle();
    }

    private Set<String> places() throws IOException {
        Set<String> places = new TreeSet<>();
        for (String planted : PLANTED) {
            for (Table table : List.of(Table.EVENTS, Table.DEAD_LETTERS, Table.PROFILES)) {
                if (with.count(table, "countIf(position(toString(tuple(*)), '" + planted + "') > 0)") > 0) {
                    places.add(table.sqlName());
                }
            }
            for (JournalRecord record : with.journal.read(0, 0, 1_000)) {
                if (new String(record.bytes(), StandardCharsets.UTF_8).contains(planted)) {
                    places.add("journal");
                }
            }
            try (Stream<Path> files = Files.walk(directory)) {
                if (files.filter(Files::isRegularFile).anyMatch(file -> holds(file, planted))) {
                    places.add("files");
                }
            }
        }
        return places;
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
