package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MeasureReaderTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            interval                   | {'type':'trend','measures':[{'measure':'dau'}],'interval':'hour','range':{'last':'2d'}}
            interval                   | {'type':'trend','measures':[{'measure':'events'},{'measure':'stickiness'}],'interval':'minute','range':{'last':'1h'}}
            measures[1].measure        | {'type':'trend','measures':[{'measure':'events'},{'measure':'active_users_now'}]}
            measures[0].measure        | {'type':'table','measures':[{'measure':'active_users_now'}],'breakdowns':['country']}
            measures[0].minutes        | {'type':'metric','measures':[{'measure':'active_users_now','minutes':0}]}
            measures[0].minutes        | {'type':'metric','measures':[{'measure':'active_users_now','minutes':61}]}
            measures[0].minutes        | {'type':'metric','measures':[{'measure':'active_users_now','minutes':'5'}]}
            measures[0].minutes        | {'type':'metric','measures':[{'measure':'users','minutes':5}]}
            measures[0].conversion     | {'type':'metric','measures':[{'measure':'bounce_rate','conversion':['purchase']}]}
            measures[0].conversion     | {'type':'metric','measures':[{'measure':'engagement_rate','conversion':[]}]}
            measures[0].conversion[0]  | {'type':'metric','measures':[{'measure':'engagement_rate','conversion':[7]}]}
            measures[0].exact          | {'type':'metric','measures':[{'measure':'session_duration','exact':true}]}
            measures[0].property       | {'type':'metric','measures':[{'measure':'mau','property':'properties.x'}]}
            measures[0].exact          | {'type':'metric','measures':[{'measure':'mau','exact':1}]}
            sparkline                  | {'type':'metric','measures':[{'measure':'users'}],'sparkline':'year'}
            sparkline                  | {'type':'metric','measures':[{'measure':'users'}],'sparkline':7}
            sparkline                  | {'type':'metric','measures':[{'measure':'users'}],'sparkline':'minute','range':{'last':'30d'}}
            sparkline                  | {'type':'metric','measures':[{'measure':'mau'}],'sparkline':'hour','range':{'last':'2d'}}
            sparkline                  | {'type':'metric','measures':[{'measure':'active_users_now'}],'sparkline':true}
            sparkline                  | {'type':'trend','measures':[{'measure':'users'}],'sparkline':true}
            period                     | {'type':'stickiness','period':'hour'}
            period                     | {'type':'stickiness','period':5}
            period                     | {'type':'stickiness','period':'day','range':{'last':'500d'}}
            event                      | {'type':'stickiness','event':[]}
            measures                   | {'type':'stickiness','measures':[{'measure':'users'}]}
            interval                   | {'type':'stickiness','interval':'day'}
            """)
    void namesTheFieldThatIsWrong(String field, String json) {
        assertThatThrownBy(() -> QueryFixture.question(json))
                .isInstanceOfSatisfying(TidemarkException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(failure.field()).as(failure.detail()).hasValue(field);
                });
    }

    @Test
    void takesDaysWhereAnIntervalIsLeftOpen() {
        TrendQuestion day = (TrendQuestion)
                QueryFixture.question("{'type':'trend','measures':[{'measure':'mau'}],'range':{'last':'1d'}}");
        assertThat(day.buckets().interval()).isEqualTo(Interval.DAY);
        MetricQuestion metric = (MetricQuestion) QueryFixture.question(
                "{'type':'metric','measures':[{'measure':'dau'}],'range':{'last':'1d'},'sparkline':true}");
        assertThat(metric.sparkline()).isNotNull();
        assertThat(metric.sparkline().buckets().interval()).isEqualTo(Interval.DAY);
    }

    @Test
    void touchesTheDaysBeforeAndTheDayAround() {
        String range = "'range':{'start_time':'2025-04-01','end_time':'2025-04-02'},'zone':'Europe/Berlin'}";
        assertThat(touched("{'type':'trend','interval':'day','measures':[{'measure':'mau'}]," + range))
                .isEqualTo("2025-03-02T23:00:00Z/2025-04-02T22:00:00Z");
        assertThat(touched(
                        "{'type':'trend','interval':'day','measures':[{'measure':'wau'},{'measure':'dau'}]," + range))
                .isEqualTo("2025-03-25T23:00:00Z/2025-04-02T22:00:00Z");
        assertThat(touched("{'type':'metric','measures':[{'measure':'bounce_rate'}]," + range))
                .isEqualTo("2025-03-30T22:00:00Z/2025-04-03T22:00:00Z");
        assertThat(touched("{'type':'metric','measures':[{'measure':'dau'}],'compare':'previous_period'," + range))
                .isEqualTo("2025-03-30T22:00:00Z/2025-04-02T22:00:00Z");
        assertThat(touched("{'type':'metric','measures':[{'measure':'dau'}],'sparkline':true," + range))
                .isEqualTo("2025-03-31T22:00:00Z/2025-04-02T22:00:00Z");
        assertThat(touched("{'type':'metric','measures':[{'measure':'active_users_now'}]," + range))
                .isEqualTo("2025-12-31T23:55:00Z/2026-01-01T00:00:00Z");
    }

    @Test
    void asksAnewForActiveUsersWhenASecondIsOver() {
        String json = "{'type':'metric','measures':[{'measure':'active_users_now'}],"
                + "'range':{'start_time':'2025-04-01','end_time':'2025-04-02'}}";
        assertThat(keyAt(json, "2026-03-02T10:00:00.001Z")).isEqualTo(keyAt(json, "2026-03-02T10:00:01Z"));
        assertThat(keyAt(json, "2026-03-02T10:00:01Z")).isNotEqualTo(keyAt(json, "2026-03-02T10:00:01.001Z"));
    }

    @Test
    void asksAnewForTheCurrentMonthWhenADayBegins() {
        String json = "{'type':'trend','interval':'month','measures':[{'measure':'dau'}],"
                + "'range':{'start_time':'2026-02-01','end_time':'2026-03-31'},'zone':'Europe/Berlin'}";
        assertThat(keyAt(json, "2026-03-10T10:00:00Z")).isEqualTo(keyAt(json, "2026-03-10T22:59:59Z"));
        assertThat(keyAt(json, "2026-03-10T10:00:00Z")).isNotEqualTo(keyAt(json, "2026-03-10T23:00:00Z"));
    }

    @Test
    void tellsMeasuresApart() {
        String mau = key("{'measure':'mau','name':'x'}");
        assertThat(key("{'measure':'wau','name':'x'}")).isNotEqualTo(mau);
        assertThat(key("{'measure':'mau','name':'x','exact':true}")).isNotEqualTo(mau);
        String now = key("{'measure':'active_users_now','name':'x'}");
        assertThat(key("{'measure':'active_users_now','name':'x','minutes':6}")).isNotEqualTo(now);
        assertThat(key("{'measure':'active_users_now','name':'x','minutes':5}")).isEqualTo(now);
        String rate = key("{'measure':'engagement_rate','name':'x'}");
        assertThat(key("{'measure':'engagement_rate','name':'x','conversion':'buy'}"))
                .isNotEqualTo(rate);
        assertThat(key("{'measure':'bounce_rate','name':'x'}")).isNotEqualTo(rate);
        String plain = "{'type':'metric','measures':[{'measure':'users'}]";
        assertThat(QueryFixture.question(plain + ",'sparkline':true}").cacheKey())
                .isNotEqualTo(QueryFixture.question(plain + "}").cacheKey());
        assertThat(QueryFixture.question(plain + ",'sparkline':'week'}").cacheKey())
                .isNotEqualTo(
                        QueryFixture.question(plain + ",'sparkline':'day'}").cacheKey());
        assertThat(QueryFixture.question("{'type':'stickiness','event':'a'}").cacheKey())
                .isNotEqualTo(QueryFixture.question("{'type':'stickiness'}").cacheKey());
        assertThat(QueryFixture.question("{'type':'stickiness','period':'week'}")
                        .cacheKey())
                .isNotEqualTo(QueryFixture.question("{'type':'stickiness'}").cacheKey());
    }

    private static String key(String measure) {
        return QueryFixture.question("{'type':'metric','measures':[" + measure + "]}")
                .cacheKey();
    }

    private static String keyAt(String json, String now) {
        return QuestionReader.read(
                        QueryFixture.json(json), QuestionContext.plain(Instant.parse(now), BERLIN, DayOfWeek.MONDAY))
                .cacheKey();
    }

    private static String touched(String json) {
        TimeRange touched = QueryFixture.question(json).touchedRange();
        return touched.start() + "/" + touched.end();
    }
}
