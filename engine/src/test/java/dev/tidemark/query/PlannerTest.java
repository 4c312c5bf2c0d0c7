package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlannerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ROLLUP_HOUR   | 'type':'trend','interval':'day','measures':[{'measure':'events'}]
            ROLLUP_HOUR   | 'type':'trend','interval':'day','measures':[{'measure':'users','event':'view'},{'measure':'sessions'}]
            ROLLUP_HOUR   | 'type':'trend','interval':'day','measures':[{'measure':'events'}],'breakdown':{'property':'event_type'}
            ROLLUP_HOUR   | 'type':'metric','measures':[{'measure':'events'}],'filter':{'property':'event_type','operator':'eq','value':'a'}
            ROLLUP_HOUR   | 'type':'table','measures':[{'measure':'events'}],'breakdowns':['event_type']
            ROLLUP_HOUR   | 'type':'trend','interval':'day','zone':'Europe/Berlin','measures':[{'measure':'events'}],'compare':'year'
            EVENTS        | 'type':'trend','interval':'day','zone':'Asia/Kathmandu','measures':[{'measure':'events'}]
            EVENTS        | 'type':'trend','interval':'day','measures':[{'measure':'users','exact':true}]
            EVENTS        | 'type':'trend','interval':'day','measures':[{'measure':'events_per_user'}]
            EVENTS        | 'type':'trend','interval':'day','measures':[{'measure':'events'}],'breakdown':{'property':'country'}
            EVENTS        | 'type':'trend','interval':'day','measures':[{'measure':'events'}],'filter':{'property':'country','operator':'is_set'}
            EVENTS        | 'type':'metric','measures':[{'measure':'sum','property':'properties.x'}]
            EVENTS        | 'type':'table','measures':[{'measure':'events'}],'breakdowns':['event_type','country']
            """)
    void choosesTheSmallestSourceThatCoversTheQuestion(Source source, String question) {
        MeasuredQuestion read =
                QueryFixture.measured("{" + question + ",'range':{'start_time':'2025-03-01','end_time':'2025-03-20'}}");
        assertThat(Planner.of(() -> QueryFixture.NOW).choose(read)).isEqualTo(source);
    }

    @Test
    void takesTheMinutesOnlyWhileTheyAreKept() {
        String trend = "{'type':'trend','interval':'minute','measures':[{'measure':'events'}],"
                + "'range':{'start_time':'2025-03-01T10:00:00Z','end_time':'2025-03-01T10:30:00Z'}}";
        MeasuredQuestion question = QueryFixture.measured(trend);
        assertThat(Planner.of(() -> Instant.parse("2025-03-02T00:00:00Z")).choose(question))
                .isEqualTo(Source.ROLLUP_MINUTE);
        assertThat(Planner.of(() -> Instant.parse("2025-03-09T00:00:00Z")).choose(question))
                .isEqualTo(Source.EVENTS);
        MeasuredQuestion uneven = QueryFixture.measured(trend.replace("10:30:00", "10:30:01"));
        assertThat(Planner.of(() -> Instant.parse("2025-03-02T00:00:00Z")).choose(uneven))
                .isEqualTo(Source.EVENTS);
    }

    @Test
    void answersRecentMinutesAlikeFromRollupAndEvents() {
        QueryFixture fixture = new QueryFixture();
        TenantId tenant = QueryFixture.newTenant();
        TimeSource time = TimeSource.system();
        Instant hour = time.instant().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(3));
        fixture.insert(new RandomEvents(tenant, hour, 9).take(300));
        QueryEngine engine = new QueryEngine(fixture.store, time, new SimpleMeterRegistry());
        MeasuredQuestion question = QueryFixture.measured(
                "{'type':'trend','interval':'minute','measures':[{'measure':'events'},{'measure':'users'},"
                        + "{'measure':'sessions','event':'buy'}],'breakdown':{'property':'event_type','limit':2},"
                        + "'range':{'start_time':'"
                        + hour.minus(Duration.ofMinutes(100)).atOffset(ZoneOffset.UTC)
                        + "','end_time':'" + hour.plus(Duration.ofMinutes(77)).atOffset(ZoneOffset.UTC) + "'}}");
        assertThat(Planner.of(time).choose(question)).isEqualTo(Source.ROLLUP_MINUTE);
        TrendAnswer answer = (TrendAnswer) engine.answer(tenant, question);
        assertThat(answer).isEqualTo(fixture.ofEvents.answer(tenant, question));
        assertThat(answer.totals().getFirst().values())
                .anySatisfy(value -> assertThat(value).isPositive());
    }
}
