package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CohortReaderTest {
    private final Map<String, SavedCohort> saved = new HashMap<>();

    @Test
    void namesWhatIsWrongWithARule() {
        invalid("definition", "{}");
        invalid("definition.and", "{'and':[]}");
        invalid("definition.or", "{'and':[{'did':{}}],'or':[]}");
        invalid("definition.and[1].not.did.event", "{'and':[{'did':{}},{'not':{'did':{'event':5}}}]}");
        invalid("definition.did.often", "{'did':{'often':true}}");
        invalid("definition.did.times", "{'did':{'times':{}}}");
        invalid("definition.did.times", "{'did':{'times':{'at_least':1,'at_most':2}}}");
        invalid("definition.did.times.at_least", "{'did':{'times':{'at_least':0}}}");
        invalid("definition.did.times.at_most", "{'did':{'times':{'at_most':-1}}}");
        invalid("definition.did.times.exactly", "{'did':{'times':{'exactly':1.5}}}");
        invalid("definition.did_not.times", "{'did_not':{'times':{'at_least':1}}}");
        invalid("definition.first_did.range", "{'first_did':{'event':'buy'}}");
        invalid("definition.did.range.last", "{'did':{'range':{'last':'soon'}}}");
        invalid("definition.did.range.start_time", "{'did':{'range':{'start_time':'soon','end_time':'2025-01-01'}}}");
        invalid("definition.did.zone", "{'did':{'zone':'Nowhere/None'}}");
        invalid("definition.did.filter.operator", "{'did':{'filter':{'property':'country','operator':'is'}}}");
        invalid("definition.property", "{'property':'country','operator':'eq','value':'DE'}");
        invalid("definition.property", "{'property':'properties.plan','operator':'eq','value':'DE'}");
        invalid("definition.value", "{'property':'user.plan','operator':'eq'}");
        invalid("definition.cohort", "{'cohort':'none'}");
        invalid("definition.cohort", "{'cohort':7}");
    }

    @Test
    void boundsHowDeepAndHowLargeARuleIs() {
        String deep = "{'did':{}}";
        for (int i = 0; i < CohortReader.MAX_DEPTH; i++) {
            deep = "{'not':" + deep + "}";
        }
        String tooDeep = deep;
        assertThatThrownBy(() -> read(tooDeep)).hasMessageContaining("nested");
        String many = "{'and':[" + "{'did':{}},".repeat(CohortReader.MAX_WEIGHT) + "{'did':{}}]}";
        invalid("definition.and[" + CohortReader.MAX_WEIGHT + "]", many);
    }

    @Test
    void refusesACohortThatNamesItself() {
        save("a", "{'cohort':'b'}");
        save("b", "{'did':{'filter':{'not':{'cohort':'a'}}}}");
        assertThatThrownBy(() -> read("{'cohort':'a'}")).isInstanceOfSatisfying(TidemarkException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FIELD);
            assertThat(failure.field()).hasValue("definition.cohort");
            assertThat(failure.detail()).contains("a cohort cannot be defined by itself");
        });
        assertThatThrownBy(() -> CohortReader.read(
                        QueryFixture.json("{'cohort':'c'}"),
                        "definition",
                        context().within("c")))
                .hasMessageContaining("itself");
    }

    @Test
    void boundsCohortsWithinCohortsHoweverOftenTheyRepeat() {
        save("c0", "{'did':{}}");
        for (int i = 1; i <= 8; i++) {
            save("c" + i, "{'and':[{'cohort':'c" + (i - 1) + "'},{'cohort':'c" + (i - 1) + "'}]}");
        }
        assertThat(read("{'cohort':'c3'}").weight()).isEqualTo(8);
        assertThatThrownBy(() -> read("{'cohort':'c8'}")).hasMessageContaining("nested");
        save("wide", "{'and':[" + "{'cohort':'c3'},".repeat(6) + "{'cohort':'c3'}]}");
        assertThatThrownBy(() -> read("{'cohort':'wide'}")).hasMessageContaining("conditions");
    }

    @Test
    void namesWhatIsWrongWithAReport() {
        save("a", "{'did':{}}");
        report("cohorts", "{'type':'cohort'}");
        report("cohorts", "{'type':'cohort','cohorts':['a'],'start':{}}");
        report("cohorts[1]", "{'type':'cohort','cohorts':['a','none']}");
        report("cohorts[1]", "{'type':'cohort','cohorts':['a','a']}");
        report("cohorts[0]", "{'type':'cohort','cohorts':[{}]}");
        report("cohorts", "{'type':'cohort','cohorts':[]}");
        report("periods", "{'type':'cohort','cohorts':['a'],'periods':3}");
        report("periods", "{'type':'cohort','start':{},'periods':0}");
        report("period", "{'type':'cohort','start':{},'period':'hour'}");
        report("period", "{'type':'cohort','start':{},'period':'day','periods':300,'range':{'last':'300d'}}");
        report("entry", "{'type':'cohort','start':{},'entry':'often'}");
        report("start.name", "{'type':'cohort','start':{'name':'x'}}");
        report("start.filter.cohort", "{'type':'cohort','start':{'filter':{'cohort':'none'}}}");
        report("measure", "{'type':'cohort','start':{},'measure':{'formula':'a'}}");
        report("measure.measure", "{'type':'cohort','start':{},'measure':{'measure':'luck'}}");
        report("filter.and[0].cohort", "{'type':'cohort','start':{},'filter':{'and':[{'cohort':'none'}]}}");
        report("measures", "{'type':'cohort','start':{},'measures':[]}");
    }

    @Test
    void saysTheSameOfACohortThatAnotherTenantHasAsOfNone() {
        assertThatThrownBy(() -> read("{'cohort':'none'}"))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.detail()).isEqualTo("there is no cohort of this id"));
    }

    private void report(String field, String json) {
        assertThatThrownBy(() -> QuestionReader.read(QueryFixture.json(json), context()))
                .as(json)
                .isInstanceOfSatisfying(TidemarkException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(failure.field()).as(json).hasValue(field);
                });
    }

    private void invalid(String field, String json) {
        assertThatThrownBy(() -> read(json)).as(json).isInstanceOfSatisfying(TidemarkException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FIELD);
            assertThat(failure.field()).as(json).hasValue(field);
        });
    }

    private CohortRule read(String json) {
        return CohortReader.read(QueryFixture.json(json), "definition", context());
    }

    private void save(String id, String definition) {
        JsonNode node = QueryFixture.json(definition);
        saved.put(id, new SavedCohort(id, id, 1, new SavedCohort.Dynamic(node)));
    }

    private QuestionContext context() {
        return QuestionContext.plain(
                Instant.parse("2025-03-20T12:00:00Z"),
                ZoneOffset.UTC,
                DayOfWeek.MONDAY,
                id -> Optional.ofNullable(saved.get(id)));
    }
}
