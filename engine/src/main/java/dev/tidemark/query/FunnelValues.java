package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The values of a funnel's breakdown that get groups of their own: those with the most attempts, equal ones in the order of their bytes. */
record FunnelValues(List<String> texts, List<Long> hashes) {
    static final FunnelValues NONE = new FunnelValues(List.of(), List.of());
    static final long ABSENT = -1;

    static FunnelValues top(EventStore store, TenantId tenant, FunnelQuestion question, FunnelQuestion.Split split) {
        Parameters parameters = new Parameters(tenant);
        Select attempts = new FunnelAttempts(question, parameters)
                .select(List.of(FunnelEvents.Part.VALUES))
                .build();
        Rows rows = store.query(
                tenant,
                Select.from(attempts)
                        .column("text", "k")
                        .column("reinterpretAsInt64(sipHash64(text))", "h")
                        .where("absent = 0")
                        .groupBy("k")
                        .groupBy("h")
                        .orderBy("count() DESC")
                        .orderBy("k")
                        .limit(split.breakdown().limit(), 0)
                        .build());
        List<String> texts = new ArrayList<>();
        List<Long> hashes = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            texts.add(rows.textAt(row, 0));
            hashes.add(rows.longAt(row, 1));
        }
        return new FunnelValues(texts, hashes);
    }

    /** Of an attempt: the index of its value, the number of values for another one, or {@link #ABSENT}. */
    String slot(Parameters parameters) {
        String other = "toInt64(" + texts.size() + ")";
        if (texts.isEmpty()) {
            return "if(absent = 1, toInt64(" + ABSENT + "), " + other + ")";
        }
        List<Long> slots = LongStream.range(0, texts.size()).boxed().toList();
        return "if(absent = 1, toInt64(" + ABSENT + "), transform(reinterpretAsInt64(sipHash64(text)), "
                + parameters.integers(hashes) + ", " + parameters.integers(slots) + ", " + other + "))";
    }
}
