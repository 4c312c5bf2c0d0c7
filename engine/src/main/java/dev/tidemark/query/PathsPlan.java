package dev.tidemark.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.query.PathsRanking.Part;
import dev.tidemark.query.PathsRanking.Walk;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers paths: one statement for the walks of sessions, which are few as a rule and ranked here. What events are called by, unless it is
 * their type, takes one before. Visits that last too long for one session, and more walks than can be handed over, are found by that
 * statement and take another, which comes first from then on.
 */
final class PathsPlan {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_WALKS = 20_000;

    /** From so many events on, those of sessions without an anchor are left out before they are sorted. */
    private static final long MANY_EVENTS = 20_000_000;

    private final EventStore store;
    private final TenantId tenant;
    private final PathsQuestion question;
    private final PathsMemory memory;
    private final int mostWalks;

    PathsPlan(EventStore store, TenantId tenant, PathsQuestion question, PathsMemory memory) {
        this(store, tenant, question, memory, MOST_WALKS);
    }

    PathsPlan(EventStore store, TenantId tenant, PathsQuestion question, PathsMemory memory, int mostWalks) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.memory = memory;
        this.mostWalks = mostWalks;
    }

    PathsAnswer answer() {
        PathsMemory.Types types = memory.types(tenant, store);
        boolean isOfTypes = question.by() instanceof Property.EventType && types.areAll();
        ValueIds values = isOfTypes
                ? types.values()
                : ValueIds.of(store.query(tenant, PathsRows.names(question, new Parameters(tenant))));
        List<Walk> walks = few(values, types.events());
        if (isOfTypes && (walks == null || namesAny(walks, values.other()))) {
            // There may be a type that is new since they were asked for.
            values = memory.typesAnew(tenant, store).values();
            walks = walks == null ? null : few(values, types.events());
        }
        return answer(
                values,
                walks == null
                        ? ranked(values)
                        : new PathsRanking(question.steps(), question.limit(), values.other()).shown(walks));
    }

    private static boolean namesAny(List<Walk> walks, int name) {
        return walks.stream().anyMatch(walk -> walk.names().contains(name));
    }

    /** All walks; null when there are too many of them. */
    private @Nullable List<Walk> few(ValueIds values, long events) {
        if (memory.hasVarious(tenant)) {
            return null;
        }
        boolean plainly = events < MANY_EVENTS && !memory.hasLasting(tenant);
        Rows rows = store.query(tenant, walks(values, plainly));
        if (plainly && isOfLasting(rows)) {
            memory.noteLasting(tenant);
            rows = store.query(tenant, walks(values, false));
        }
        if (rows.size() > mostWalks) {
            memory.noteVarious(tenant);
            return null;
        }
        List<Walk> walks = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            walks.add(new Walk(names(rows.textAt(row, 0)), rows.longAt(row, 1)));
        }
        return walks;
    }

    private List<Part> ranked(ValueIds values) {
        Rows rows = store.query(tenant, new PathsRows(question, new Parameters(tenant), values).ranked());
        List<Part> parts = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            parts.add(new Part((int) rows.longAt(row, 0), names(rows.textAt(row, 1)), rows.longAt(row, 2)));
        }
        return parts;
    }

    private Select walks(ValueIds values, boolean plainly) {
        PathsRows rows = new PathsRows(question, new Parameters(tenant), values);
        return plainly ? rows.plainWalks(mostWalks) : rows.walks(mostWalks);
    }

    private static boolean isOfLasting(Rows rows) {
        for (int row = 0; row < rows.size(); row++) {
            if (rows.textAt(row, 0).equals(PathsRows.LASTING)) {
                return true;
            }
        }
        return false;
    }

    private PathsAnswer answer(ValueIds values, List<Part> parts) {
        long total = 0;
        List<PathsAnswer.Path> paths = new ArrayList<>();
        List<PathsAnswer.Link> links = new ArrayList<>();
        List<Long> ended = new ArrayList<>(Collections.nCopies(question.steps(), 0L));
        for (Part part : parts) {
            int step = part.step();
            List<BreakdownValue> names =
                    part.names().stream().map(values::value).toList();
            if (step == 0) {
                paths.add(new PathsAnswer.Path(names, part.people()));
            } else if (names.size() == 1) {
                ended.set(step - 1, ended.get(step - 1) + part.people());
            } else {
                links.add(new PathsAnswer.Link(step, names.getFirst(), names.getLast(), part.people()));
            }
            total += step == 1 ? part.people() : 0;
        }
        links.sort(Comparator.comparingInt(PathsAnswer.Link::step));
        return new PathsAnswer(question, total, paths, links, ended);
    }

    private static List<Integer> names(String json) {
        try {
            return List.of(JSON.readValue(json, Integer[].class));
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the engine's names are no JSON", e);
        }
    }
}
