package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** What the store finds behind a number of an answer. */
final class Behind {
    private final QueryFixture fixture;
    private final TenantId tenant;
    private final Question question;
    private final Instant now;

    Behind(QueryFixture fixture, TenantId tenant, Question question, Instant now) {
        this.fixture = fixture;
        this.tenant = tenant;
        this.question = question;
        this.now = now;
    }

    /** The ids of the events. */
    Set<String> events(ObjectNode at) {
        return texts(at, "event_id");
    }

    /** The numbers of the people. */
    Set<String> people(ObjectNode at) {
        return texts(at, "toString(reinterpretAsInt64(person))");
    }

    private Set<String> texts(ObjectNode at, String column) {
        Spot spot = new SpotReader(fixture.engine, tenant, question, now).read(at);
        Select.Builder select = spot.select(new Parameters(tenant), fixture.store, tenant, false);
        Rows rows = fixture.store.query(tenant, select.column(column, "text").build());
        Set<String> texts = new TreeSet<>();
        for (int row = 0; row < rows.size(); row++) {
            texts.add(rows.textAt(row, 0));
        }
        return texts;
    }
}
