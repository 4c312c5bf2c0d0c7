package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuestionReaderTest {
    private static final String TREND = "{'type':'trend','measures':[{'measure':'events'}]";

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            type                       | {'measures':[{'measure':'events'}]}
            type                       | {'type':'guess','measures':[{'measure':'events'}]}
            type                       | {'type':5,'measures':[{'measure':'events'}]}
            measures                   | {'type':'metric'}
            measures                   | {'type':'metric','measures':[]}
            measures                   | {'type':'metric','measures':{}}
            measures                   | {'type':'metric','measures':[{'formula':'1 + 1'}]}
            measures[0]                | {'type':'metric','measures':['events']}
            measures[0].measure        | {'type':'metric','measures':[{}]}
            measures[0].measure        | {'type':'metric','measures':[{'measure':'eventz'}]}
            measures[0].propperty      | {'type':'metric','measures':[{'measure':'sum','propperty':'properties.x'}]}
            measures[0].property       | {'type':'metric','measures':[{'measure':'sum'}]}
            measures[1].property       | {'type':'metric','measures':[{'measure':'events'},{'measure':'sum','property':'amount'}]}
            measures[0].property       | {'type':'metric','measures':[{'measure':'sum','property':'country'}]}
            measures[0].property       | {'type':'metric','measures':[{'measure':'events','property':'country'}]}
            measures[0].property       | {'type':'metric','measures':[{'measure':'distinct','property':'properties.'}]}
            measures[0].name           | {'type':'metric','measures':[{'measure':'events','name':' '}]}
            measures[0].exact          | {'type':'metric','measures':[{'measure':'users','exact':'yes'}]}
            measures[0].event          | {'type':'metric','measures':[{'measure':'users','event':[]}]}
            measures[0].event[1]       | {'type':'metric','measures':[{'measure':'users','event':['a',1]}]}
            measures[0].filter.value   | {'type':'metric','measures':[{'measure':'users','filter':{'property':'country','operator':'eq'}}]}
            measures[1].name           | {'type':'metric','measures':[{'measure':'users'},{'measure':'users'}]}
            measures[1].formula        | {'type':'metric','measures':[{'measure':'users'},{'formula':'users / '}]}
            measures[1].formula        | {'type':'metric','measures':[{'measure':'users'},{'formula':'users / nobody'}]}
            measures[1].formula        | {'type':'metric','measures':[{'measure':'users'},{'formula':'(users'}]}
            measures[1].formula        | {'type':'metric','measures':[{'measure':'users'},{'formula':'users ; 1'}]}
            measures[1].formula        | {'type':'metric','measures':[{'measure':'users'},{'name':'f','formula':'f'}]}
            measures[1].exact          | {'type':'metric','measures':[{'measure':'users'},{'formula':'users','exact':true}]}
            interval                   | {'type':'metric','measures':[{'measure':'users'}],'interval':'day'}
            breakdwon                  | {'type':'trend','measures':[{'measure':'users'}],'breakdwon':{}}
            interval                   | {'type':'trend','measures':[{'measure':'users'}],'interval':'year'}
            interval                   | {'type':'trend','measures':[{'measure':'users'}],'interval':'minute','range':{'last':'30d'}}
            interval                   | {'type':'trend','measures':[{'measure':'users'}],'interval':'hour','range':{'last':'30d'},'breakdown':{'property':'country','limit':200}}
            zone                       | {'type':'trend','measures':[{'measure':'users'}],'zone':'Europe/Atlantis'}
            compare                    | {'type':'trend','measures':[{'measure':'users'}],'compare':'decade'}
            breakdown.property         | {'type':'trend','measures':[{'measure':'users'}],'breakdown':{}}
            breakdown.property         | {'type':'trend','measures':[{'measure':'users'}],'breakdown':{'property':'colour'}}
            breakdown.limit            | {'type':'trend','measures':[{'measure':'users'}],'breakdown':{'property':'country','limit':201}}
            breakdown.limit            | {'type':'trend','measures':[{'measure':'users'}],'breakdown':{'property':'country','limit':0}}
            breakdown.limit            | {'type':'trend','measures':[{'measure':'users'}],'breakdown':{'property':'country','limit':1.5}}
            range.last                 | {'type':'metric','measures':[{'measure':'users'}],'range':{'last':'month'}}
            range.last                 | {'type':'metric','measures':[{'measure':'users'}],'range':{'last':'0d'}}
            range.last                 | {'type':'metric','measures':[{'measure':'users'}],'range':{'last':'9999d'}}
            range                      | {'type':'metric','measures':[{'measure':'users'}],'range':{'last':'1d','start_time':'2026-01-01'}}
            range.end_time             | {'type':'metric','measures':[{'measure':'users'}],'range':{'start_time':'2026-01-01'}}
            range.start_time           | {'type':'metric','measures':[{'measure':'users'}],'range':{'start_time':'2026-13-01','end_time':'2026-01-01'}}
            range.start_time           | {'type':'metric','measures':[{'measure':'users'}],'range':{'start_time':'yesterday','end_time':'2026-01-01'}}
            range.end_time             | {'type':'metric','measures':[{'measure':'users'}],'range':{'start_time':'2026-01-02','end_time':'2026-01-01'}}
            range.end_time             | {'type':'metric','measures':[{'measure':'users'}],'range':{'start_time':'1969-01-02','end_time':'1970-01-05'}}
            range.end_time             | {'type':'metric','measures':[{'measure':'users'}],'range':{'start_time':'2001-01-02','end_time':'2020-01-05'}}
            filter                     | {'type':'metric','measures':[{'measure':'users'}],'filter':[]}
            filter.operator            | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country'}}
            filter.operator            | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'equals','value':'x'}}
            filter.property            | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'tenant_id','operator':'eq','value':'x'}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'eq','value':{}}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'in','value':'x'}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'in','value':[]}}
            filter.value[1]            | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'in','value':['a',null]}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'between','value':[1]}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'between','value':[1,'b']}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'gt','value':true}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'contains','value':5}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'matches','value':'(?=a)'}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'matches','value':'['}}
            filter.value               | {'type':'metric','measures':[{'measure':'users'}],'filter':{'property':'country','operator':'is_set','value':1}}
            filter.and                 | {'type':'metric','measures':[{'measure':'users'}],'filter':{'and':[]}}
            filter.or                  | {'type':'metric','measures':[{'measure':'users'}],'filter':{'and':[{'property':'country','operator':'is_set'}],'or':[]}}
            filter.and[1].or[0].value  | {'type':'metric','measures':[{'measure':'users'}],'filter':{'and':[{'property':'country','operator':'is_set'},{'or':[{'property':'country','operator':'eq'}]}]}}
            filter.not.property        | {'type':'metric','measures':[{'measure':'users'}],'filter':{'not':{'operator':'eq','value':1}}}
            breakdowns                 | {'type':'table','measures':[{'measure':'users'}]}
            breakdowns                 | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country','city','os','browser']}
            breakdowns                 | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country','country']}
            breakdowns[1]              | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country','colour']}
            sort                       | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country'],'sort':{}}
            sort.measure               | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country'],'sort':{'measure':'x'}}
            sort.direction             | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country'],'sort':{'measure':'users','direction':'up'}}
            limit                      | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country'],'limit':1001}
            limit                      | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country'],'limit':'10'}
            offset                     | {'type':'table','measures':[{'measure':'users'}],'breakdowns':['country'],'offset':-1}
            """)
    void namesTheFieldThatIsWrong(String field, String json) {
        assertInvalid(field, json, QueryFixture.context());
    }

    @Test
    void refusesTooMuch() {
        String test = "{'property':'country','operator':'is_set'}";
        String deep = "{'not':".repeat(10) + test + "}".repeat(10);
        assertInvalid("filter" + ".not".repeat(10), TREND + ",'filter':" + deep + "}", QueryFixture.context());
        String wide = "{'and':[" + (test + ",").repeat(100) + test + "]}";
        assertInvalid("filter.and[100]", TREND + ",'filter':" + wide + "}", QueryFixture.context());
        String measures = "{'measure':'events','name':'%d'},".repeat(11).formatted(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertInvalid(
                "measures",
                "{'type':'metric','measures':[" + measures.substring(0, measures.length() - 1) + "]}",
                QueryFixture.context());
        assertInvalid(
                "question", TREND + ",'filter':{'property':'" + "x".repeat(70_000) + "'}}", QueryFixture.context());
    }

    @Test
    void endsARecentRangeWithTheCurrentBucket() {
        Instant now = Instant.parse("2026-03-18T13:47:11Z");
        assertThat(range("{'last':'7d'}", "day", now)).isEqualTo("2026-03-11T23:00:00Z/2026-03-18T23:00:00Z");
        assertThat(range("{'last':'24h'}", "hour", now)).isEqualTo("2026-03-17T14:00:00Z/2026-03-18T14:00:00Z");
        assertThat(range("{'last':'30m'}", "minute", now)).isEqualTo("2026-03-18T13:18:00Z/2026-03-18T13:48:00Z");
        assertThat(range("{'last':'2w'}", "week", now)).isEqualTo("2026-03-08T23:00:00Z/2026-03-22T23:00:00Z");
        assertThat(range("{'last':'2M'}", "month", now)).isEqualTo("2026-01-31T23:00:00Z/2026-03-31T22:00:00Z");
    }

    @Test
    void readsDatesInTheZoneWithTheEndIncluded() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        assertThat(range("{'start_time':'2026-03-29','end_time':'2026-03-29'}", "hour", now))
                .isEqualTo("2026-03-28T23:00:00Z/2026-03-29T22:00:00Z");
        assertThat(range("{'start_time':'2026-03-28T12:00:00','end_time':'2026-03-29T12:00:00+00:00'}", "hour", now))
                .isEqualTo("2026-03-28T11:00:00Z/2026-03-29T12:00:00Z");
    }

    @Test
    void takesTheReportsOverrides() {
        QuestionContext context = new QuestionContext(
                QueryFixture.NOW,
                ZoneOffset.UTC,
                DayOfWeek.MONDAY,
                "2025-05-01",
                "2025-05-02",
                "hour",
                null,
                KnownCohorts.NONE);
        Question question = QuestionReader.read(QueryFixture.json(TREND + ",'interval':'day'}"), context);
        assertThat(question.range().start()).isEqualTo("2025-05-01T00:00:00Z");
        assertThat(question.range().end()).isEqualTo("2025-05-03T00:00:00Z");
        assertThat(((TrendQuestion) question).buckets().interval()).isEqualTo(Interval.HOUR);
        QuestionContext wrong = new QuestionContext(
                QueryFixture.NOW, ZoneOffset.UTC, DayOfWeek.MONDAY, "soon", null, null, null, KnownCohorts.NONE);
        assertInvalid("start_time", TREND + "}", wrong);
    }

    @Test
    void sharesTheKeyOfTheSameQuestion() {
        String key = key(TREND + ",'range':{'start_time':'2025-05-01','end_time':'2025-05-30'}}");
        assertThat(key("{'range':{'end_time':'2025-05-30','start_time':'2025-05-01T00:00:00Z'},'interval':'day',"
                        + "'measures':[{'measure':'events','name':'events','event':null}],'zone':'Z','type':'trend'}"))
                .isEqualTo(key);
        String either = TREND
                + ",'filter':{'or':[{'property':'os','operator':'is_set'},{'property':'city','operator':'is_set'}]}}";
        String swapped = TREND
                + ",'filter':{'or':[{'property':'city','operator':'is_set'},{'property':'os','operator':'is_set'}]}}";
        assertThat(key(either)).isEqualTo(key(swapped));
    }

    @Test
    void tellsDifferentQuestionsApart() {
        String key = key(TREND + "}");
        assertThat(key(TREND + ",'interval':'week'}")).isNotEqualTo(key);
        assertThat(key(TREND + ",'filter':{'property':'os','operator':'is_set'}}"))
                .isNotEqualTo(key);
        assertThat(key(TREND + ",'compare':'week'}")).isNotEqualTo(key);
        assertThat(key(TREND + ",'breakdown':{'property':'os'}}")).isNotEqualTo(key);
        assertThat(key(TREND + ",'filter':{'property':'os','operator':'eq','value':'1'}}"))
                .isNotEqualTo(key(TREND + ",'filter':{'property':'os','operator':'eq','value':1}}"));
        assertThat(key("{'type':'metric','measures':[{'measure':'users'}]}"))
                .isNotEqualTo(key("{'type':'metric','measures':[{'measure':'users','exact':true}]}"));
    }

    @Test
    void changesTheKeyWhenABucketIsCompleted() {
        String json = TREND + ",'interval':'day','range':{'start_time':'2026-03-01','end_time':'2026-03-03'}}";
        assertThat(keyAt(json, "2026-03-02T10:00:00Z")).isEqualTo(keyAt(json, "2026-03-02T23:59:59Z"));
        assertThat(keyAt(json, "2026-03-02T10:00:00Z")).isNotEqualTo(keyAt(json, "2026-03-03T00:00:00Z"));
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

    private static String range(String range, @Nullable String interval, Instant now) {
        TimeRange read = QuestionReader.read(
                        QueryFixture.json(TREND + ",'interval':'" + interval + "','range':" + range + "}"),
                        QuestionContext.plain(now, ZoneId.of("Europe/Berlin"), DayOfWeek.MONDAY))
                .range();
        return read.start() + "/" + read.end();
    }

    private static void assertInvalid(String field, String json, QuestionContext context) {
        assertThatThrownBy(() -> QuestionReader.read(QueryFixture.json(json), context))
                .isInstanceOfSatisfying(TidemarkException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(failure.field()).as(failure.detail()).hasValue(field);
                });
    }
}
