package dev.tidemark.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Answers paths: one statement for what events are called (of the rollup, for types), then one for the sessions that have an anchor, where that is not
 * any event, and one for their events.
 */
final class PathsPlan {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventStore store;
    private final TenantId tenant;
    private final PathsQuestion question;

    PathsPlan(EventStore store, TenantId tenant, PathsQuestion question) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
    }

    PathsAnswer answer() {
        ValueIds values = PathsRows.names(question, store, tenant);
        Rows rows = store.query(tenant, new PathsRows(question, new Parameters(tenant), values).counts());
        long total = 0;
        List<PathsAnswer.Path> paths = new ArrayList<>();
        List<PathsAnswer.Link> links = new ArrayList<>();
        List<Long> ended = new ArrayList<>(Collections.nCopies(question.steps(), 0L));
        for (int row = 0; row < rows.size(); row++) {
            int step = (int) rows.longAt(row, 0);
            List<BreakdownValue> names = names(values, rows.textAt(row, 1));
            long count = rows.longAt(row, 2);
            if (step == 0) {
                paths.add(new PathsAnswer.Path(names, count));
            } else if (names.size() == 1) {
                ended.set(step - 1, ended.get(step - 1) + count);
            } else {
                links.add(new PathsAnswer.Link(step, names.getFirst(), names.getLast(), count));
            }
            total += step == 1 ? count : 0;
        }
        links.sort(Comparator.comparingInt(PathsAnswer.Link::step));
        return new PathsAnswer(question, total, paths, links, ended);
    }

    private static List<BreakdownValue> names(ValueIds values, String json) {
        try {
            List<BreakdownValue> names = new ArrayList<>();
            for (int name : JSON.readValue(json, int[].class)) {
                names.add(values.value(name));
            }
            return names;
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the engine's names are no JSON", e);
        }
    }
}
