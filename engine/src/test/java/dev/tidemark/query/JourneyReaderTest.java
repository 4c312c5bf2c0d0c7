package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JourneyReaderTest {
    private static final String MARCH = ",'range':{'start_time':'2025-03-01','end_time':'2025-03-03'}";
    private static final String RETENTION = "{'type':'retention'" + MARCH;
    private static final String PATHS = "{'type':'paths','anchor':{'event':'a'}" + MARCH;

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            start                   | {'type':'retention','start':'signup'}
            start.evnt              | {'type':'retention','start':{'evnt':'signup'}}
            start.event[1]          | {'type':'retention','start':{'event':['signup',5]}}
            return.filter.operator  | {'type':'retention','return':{'filter':{'property':'country'}}}
            period                  | {'type':'retention','period':'hour'}
            periods                 | {'type':'retention','periods':0}
            periods                 | {'type':'retention','periods':201}
            periods                 | {'type':'retention','periods':'8'}
            periods                 | {'type':'retention','periods':200,'range':{'last':'300d'}}
            periods                 | {'type':'retention','periods':30,'breakdown':{'property':'country','limit':200}}
            entry                   | {'type':'retention','entry':'first'}
            alignment               | {'type':'retention','alignment':24}
            criterion               | {'type':'retention','criterion':'after'}
            breakdown.property      | {'type':'retention','breakdown':{'property':'colour'}}
            breakdown.limit         | {'type':'retention','breakdown':{'property':'country','limit':0}}
            interval                | {'type':'retention','interval':'day'}
            range.last              | {'type':'retention','range':{'last':'soon'}}
            zone                    | {'type':'retention','zone':'Europe/Atlantis'}
            filter.property         | {'type':'retention','filter':{'property':'tenant_id','operator':'eq','value':'x'}}
            anchor                  | {'type':'paths'}
            anchor                  | {'type':'paths','anchor':'a'}
            anchor.event            | {'type':'paths','anchor':{'event':[]}}
            direction               | {'type':'paths','anchor':{},'direction':'back'}
            steps                   | {'type':'paths','anchor':{},'steps':11}
            steps                   | {'type':'paths','anchor':{},'steps':0}
            limit                   | {'type':'paths','anchor':{},'limit':51}
            by                      | {'type':'paths','anchor':{},'by':'colour'}
            repeats                 | {'type':'paths','anchor':{},'repeats':true}
            breakdown               | {'type':'paths','anchor':{},'breakdown':{'property':'country'}}
            """)
    void namesTheFieldThatIsWrong(String field, String json) {
        assertThatThrownBy(() -> QueryFixture.question(json))
                .isInstanceOfSatisfying(TidemarkException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(failure.field()).as(failure.detail()).hasValue(field);
                });
    }

    @Test
    void tellsDifferentQuestionsApart() {
        String key = key(RETENTION + "}");
        for (String more : new String[] {
            ",'start':{'event':'a'}",
            ",'return':{'event':'a'}",
            ",'period':'week'",
            ",'periods':9",
            ",'entry':'first_time'",
            ",'alignment':'rolling'",
            ",'criterion':'on_or_after'",
            ",'breakdown':{'property':'os'}",
            ",'filter':{'property':'os','operator':'is_set'}"
        }) {
            assertThat(key(RETENTION + more + "}")).as(more).isNotEqualTo(key);
        }
        assertThat(key(RETENTION + ",'period':'day','entry':'recurring','start':{}}"))
                .isEqualTo(key);
        String paths = key(PATHS + "}");
        for (String more : new String[] {
            ",'direction':'before'", ",'steps':4", ",'limit':9", ",'by':'page_path'", ",'repeats':'collapse'"
        }) {
            assertThat(key(PATHS + more + "}")).as(more).isNotEqualTo(paths);
        }
    }

    @Test
    void changesTheKeyWhenACellBeginsOrIsOver() {
        String json = RETENTION + ",'periods':3}";
        assertThat(keyAt(json, "2025-03-02T10:00:00Z")).isEqualTo(keyAt(json, "2025-03-02T23:59:59Z"));
        assertThat(keyAt(json, "2025-03-02T10:00:00Z")).isNotEqualTo(keyAt(json, "2025-03-03T00:00:00Z"));
        assertThat(keyAt(json, "2025-03-04T10:00:00Z")).isNotEqualTo(keyAt(json, "2025-03-05T00:00:00Z"));
    }

    @Test
    void touchesAllThatAnAnswerDependsOn() {
        assertThat(touched(RETENTION + ",'periods':3}")).isEqualTo("2025-03-01T00:00:00Z/2025-03-06T00:00:00Z");
        assertThat(touched(RETENTION + ",'periods':3,'alignment':'rolling'}"))
                .isEqualTo("2025-03-01T00:00:00Z/2025-03-07T00:00:00Z");
        assertThat(touched(RETENTION + ",'periods':3,'entry':'first_time'}"))
                .isEqualTo("1970-01-01T00:00:00Z/2025-03-06T00:00:00Z");
        assertThat(touched(RETENTION + ",'periods':3,'criterion':'on_or_after'}"))
                .isEqualTo("2025-03-01T00:00:00Z/2106-01-01T00:00:00Z");
        assertThat(touched(PATHS + "}")).isEqualTo("2025-02-28T00:00:00Z/2025-03-05T00:00:00Z");
    }

    private static String touched(String json) {
        TimeRange touched = QueryFixture.question(json).touchedRange();
        return touched.start() + "/" + touched.end();
    }

    private static String key(String json) {
        return QueryFixture.question(json).cacheKey();
    }

    private static String keyAt(String json, String now) {
        return QuestionReader.read(
                        QueryFixture.json(json),
                        QuestionContext.plain(Instant.parse(now), ZoneOffset.UTC, DayOfWeek.MONDAY))
                .cacheKey();
    }
}
