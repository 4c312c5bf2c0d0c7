package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Answers on how many periods persons were active: each person's periods once, then the persons by their number. */
final class StickinessPlan {
    /** Up to as many periods are the bits of one number. */
    private static final int BITS = 64;

    private final EventStore store;
    private final TenantId tenant;
    private final StickinessQuestion question;

    StickinessPlan(EventStore store, TenantId tenant, StickinessQuestion question) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
    }

    StickinessAnswer answer() {
        Rows rows = store.query(tenant, select());
        List<Long> users =
                new ArrayList<>(Collections.nCopies(question.periods().size(), 0L));
        for (int row = 0; row < rows.size(); row++) {
            users.set((int) rows.longAt(row, 0) - 1, rows.longAt(row, 1));
        }
        return new StickinessAnswer(question, users);
    }

    private Select select() {
        return Select.from(persons(question, new Parameters(tenant)))
                .column("toInt64(active)", "periods")
                .column("count()", "users")
                .groupBy("periods")
                .build();
    }

    /** Each person once, as {@code person}, with the number of its active periods as {@code active}. */
    static Select persons(StickinessQuestion question, Parameters parameters) {
        Conditions conditions = new Conditions(parameters);
        Select.Builder events =
                Source.EVENTS.select(parameters, question.range()).within("person != 0");
        conditions.limited(events, List.of(question.scope()));
        conditions.limited(events, question.filter());
        return events.column("person", "person")
                .column(active(question, parameters), "active")
                .groupBy("person")
                .build();
    }

    private static String active(StickinessQuestion question, Parameters parameters) {
        List<Long> edges = question.periods().edges();
        if (edges.size() - 1 > BITS) {
            return "uniqExact(" + EventTimes.floor(Source.EVENTS, edges, parameters) + ")";
        }
        return "bitCount(groupBitOr(bitShiftLeft(toUInt64(1), "
                + EventTimes.index(Source.EVENTS.millis(), edges, parameters) + ")))";
    }
}
