package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The dead letters of a tenant, for who is to send them again. Blocking; thread-safe. */
public final class DeadLetters {
    private final EventStore store;

    public DeadLetters(EventStore store) {
        this.store = store;
    }

    /** Where a page ended. */
    public record Place(long receivedAtMillis, String id) {}

    /** The letters of a filter, oldest first, from behind a place on. */
    public List<KeptLetter> page(TenantId tenant, DeadLetterFilter filter, @Nullable Place after, int limit) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = columns(parameters);
        filter.conditions(parameters).forEach(select::where);
        if (after != null) {
            select.where("(received_at, dead_letter_id) > ("
                    + DeadLetterList.time(parameters, after.receivedAtMillis()) + ", " + parameters.text(after.id())
                    + ")");
        }
        return read(store.query(
                tenant,
                select.orderBy("received_at")
                        .orderBy("dead_letter_id")
                        .limit(limit, 0)
                        .build()));
    }

    /** The letter of an id, the newest where there are several. */
    public Optional<KeptLetter> find(TenantId tenant, String id) {
        Parameters parameters = new Parameters(tenant);
        return read(store.query(
                        tenant,
                        columns(parameters)
                                .where("dead_letter_id = " + parameters.text(id))
                                .orderBy("received_at DESC")
                                .limit(1, 0)
                                .build()))
                .stream()
                .findFirst();
    }

    /** How many letters a filter means. */
    public long count(TenantId tenant, DeadLetterFilter filter) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Select.from(Table.DEAD_LETTERS, parameters).column("count()", "n");
        filter.conditions(parameters).forEach(select::where);
        return store.query(tenant, select.build()).longAt(0, 0);
    }

    private static Select.Builder columns(Parameters parameters) {
        return Select.from(Table.DEAD_LETTERS, parameters)
                .column("dead_letter_id", "id")
                .column("toUnixTimestamp64Milli(received_at)", "at")
                .column("payload", "body")
                .column("toString(source)", "origin")
                .column("toString(key_id)", "sent_with")
                .column("toString(state)", "now");
    }

    private static List<KeptLetter> read(Rows rows) {
        List<KeptLetter> letters = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            letters.add(new KeptLetter(
                    rows.textAt(row, 0),
                    rows.longAt(row, 1),
                    rows.textAt(row, 2),
                    rows.textAt(row, 3),
                    rows.textAt(row, 4),
                    rows.textAt(row, 5)));
        }
        return letters;
    }
}
