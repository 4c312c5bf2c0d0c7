package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingStepsTest {
    private final Parameters parameters = new Parameters(new TenantId("steps"));

    @Test
    void readsEventsThatTheKeyFindsAtOnce() {
        Select.Builder events = events().within("event_type = " + parameters.text("purchase"));
        assertThat(events.build().readingSteps()).isEqualTo(ReadingSteps.ALL_AT_ONCE);
    }

    @Test
    void leavesToTheEngineWhatAConditionMayLeaveOut() {
        Select.Builder events = events().where("city = " + parameters.text("Oslo"));
        assertThat(events.build().readingSteps()).isEqualTo(ReadingSteps.AS_THE_ENGINE_CHOOSES);
    }

    @Test
    void leavesToTheEngineWhatAConditionDeepInsideMayLeaveOut() {
        Select some = events().where("city = " + parameters.text("Oslo")).build();
        Select.Builder outer = events().within("person IN (" + some.sql() + ")");
        assertThat(outer.build().readingSteps()).isEqualTo(ReadingSteps.AS_THE_ENGINE_CHOOSES);
    }

    @Test
    void readsAtOnceWhereAConditionIsOfRowsThatWereMadeOfEvents() {
        Select people = events().groupBy("person").build();
        Select.Builder some = Select.from(people).column("person", "person").where("person > 7");
        assertThat(some.build().readingSteps()).isEqualTo(ReadingSteps.ALL_AT_ONCE);
    }

    @Test
    void readsTheStatesOfARollupOnlyForRowsThatPass() {
        Select.Builder hours = Select.from(Table.ROLLUP_HOUR, parameters)
                .column("uniqCombined64IfMerge(17)(persons)", "n")
                .where("event_type = " + parameters.text("purchase"));
        assertThat(hours.build().readingSteps()).isEqualTo(ReadingSteps.CONDITIONS_FIRST);
    }

    @Test
    void leavesToTheEngineWhatReadsOtherTablesToo() {
        Select events = events().build();
        Select letters = Select.from(Table.DEAD_LETTERS, parameters)
                .column("toUInt64(1)", "person")
                .build();
        assertThat(Select.unionAll(List.of(events, letters)).readingSteps())
                .isEqualTo(ReadingSteps.AS_THE_ENGINE_CHOOSES);
    }

    private Select.Builder events() {
        return Select.from(Table.EVENTS, parameters).column("person", "person");
    }
}
