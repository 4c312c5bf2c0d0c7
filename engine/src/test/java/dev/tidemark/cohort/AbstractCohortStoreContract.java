package dev.tidemark.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.cohort.CohortStore.AbandonedList;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of cohorts keeps. */
abstract class AbstractCohortStoreContract {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final Instant THEN = Instant.parse("2026-03-01T12:00:00.123Z");

    abstract CohortStore store();

    @Test
    void givesBackWhatWasAdded() {
        DefinedCohort dynamic = dynamic(ACME, "1", "größe '\"");
        DefinedCohort listed = listed(ACME, "2", "list");
        store().add(dynamic);
        store().add(listed);
        assertThat(store().find(ACME, dynamic.id())).contains(dynamic);
        assertThat(store().find(ACME, listed.id())).contains(listed);
        assertThat(store().list(ACME)).containsExactly(dynamic, listed);
        assertThatThrownBy(() -> store().add(dynamic))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void keepsTenantsApart() {
        store().add(dynamic(ACME, "1", "ours"));
        DefinedCohort theirs = dynamic(OTHER, "1", "theirs");
        assertThat(store().find(OTHER, theirs.id())).isEmpty();
        assertThat(store().list(OTHER)).isEmpty();
        assertThat(store().remove(OTHER, theirs.id())).isFalse();
        store().add(theirs);
        assertThat(store().find(ACME, theirs.id()).orElseThrow().name()).isEqualTo("ours");
        assertThat(store().replace(theirs.changed("changed", "", theirs.content(), THEN)))
                .isTrue();
        assertThat(store().find(ACME, theirs.id()).orElseThrow().name()).isEqualTo("ours");
    }

    @Test
    void replacesTheVersionBeforeOnly() {
        DefinedCohort first = dynamic(ACME, "1", "first");
        store().add(first);
        DefinedCohort second = first.changed("second", "why", first.content(), THEN.plusSeconds(1));
        assertThat(store().replace(second)).isTrue();
        assertThat(store().replace(second)).isFalse();
        assertThat(store().replace(dynamic(ACME, "none", "none").changed("x", "", first.content(), THEN)))
                .isFalse();
        assertThat(store().find(ACME, first.id())).contains(second);
    }

    @Test
    void marksEveryListThatNoCohortHas() {
        AbandonedList one = new AbandonedList(ACME, new MemberList("one"));
        AbandonedList two = new AbandonedList(ACME, new MemberList("two"));
        store().abandon(one);
        store().abandon(two);
        store().abandon(two);
        assertThat(store().abandoned()).containsExactlyInAnyOrder(one, two);
        DefinedCohort listed = listed(ACME, "1", "one");
        store().add(listed);
        assertThat(store().abandoned()).containsExactly(two);
        DefinedCohort replaced = listed.changed("x", "", new DefinedCohort.Static(two.list()), THEN);
        assertThat(store().replace(replaced)).isTrue();
        assertThat(store().abandoned()).as("the list before").containsExactly(one);
        assertThat(store().replace(replaced.changed("y", "", replaced.content(), THEN)))
                .isTrue();
        assertThat(store().abandoned()).as("the same list").containsExactly(one);
        store().removed(one);
        assertThat(store().abandoned()).isEmpty();
        assertThat(store().remove(ACME, listed.id())).isTrue();
        assertThat(store().abandoned()).containsExactly(two);
    }

    private static DefinedCohort dynamic(TenantId tenant, String id, String name) {
        return cohort(
                tenant,
                id,
                name,
                new DefinedCohort.Dynamic(
                        JsonNodeFactory.instance.objectNode().set("did", JsonNodeFactory.instance.objectNode())));
    }

    private static DefinedCohort listed(TenantId tenant, String id, String list) {
        return cohort(tenant, id, "listed", new DefinedCohort.Static(new MemberList(list)));
    }

    private static DefinedCohort cohort(TenantId tenant, String id, String name, DefinedCohort.Content content) {
        return new DefinedCohort(tenant, new CohortId(id), name, "of " + List.of(name), content, 1, THEN, THEN);
    }
}
