package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sessions, made of the events of a range and a day around it: the events of a session id in the order of time, cut where more
 * than 30 minutes pass without one, and at the first event later than 24 hours after the session's first. A session belongs to
 * where its first event is; of equally early ones to the least value of a property, an absent one being the greatest.
 */
final class SessionRows {
    /** The longest that a session can be, and so the farthest from the range that an event of it can be. */
    static final Duration LONGEST = Duration.ofHours(24);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);
    private static final Duration ENGAGED = Duration.ofSeconds(10);
    private static final Scope PAGE_VIEWS = new Scope(List.of("page_view"), null);

    private final List<Measure.OfSessions> measures;
    private final TimeRange range;
    private final Parameters parameters;

    /** What is noted of each event, a bit each: whether it is of this. */
    private final List<Scope> notes;

    SessionRows(List<Measure> measures, TimeRange range, Parameters parameters) {
        this.measures = measures.stream()
                .filter(Measure.OfSessions.class::isInstance)
                .map(Measure.OfSessions.class::cast)
                .toList();
        this.range = range;
        this.parameters = parameters;
        this.notes = notes(this.measures);
    }

    private static List<Scope> notes(List<Measure.OfSessions> measures) {
        Set<Scope> notes = new LinkedHashSet<>();
        for (Measure.OfSessions measure : measures) {
            if (!measure.scope().isEverything()) {
                notes.add(measure.scope());
            }
            if (measure.function() == SessionFunction.ENGAGEMENT_RATE
                    && !measure.conversion().isEmpty()) {
                notes.add(new Scope(measure.conversion(), null));
            }
            if (measure.function() == SessionFunction.ENGAGEMENT_RATE
                    || measure.function() == SessionFunction.PAGES_PER_SESSION) {
                notes.add(PAGE_VIEWS);
            }
        }
        return List.copyOf(notes);
    }

    /**
     * A row for each session that begins in the range and that a measure looks at: {@code begin} and {@code duration} in
     * milliseconds, how many {@code events} and {@code pages}, the notes of all its events, and properties at its first.
     */
    Select.Builder from(Select.Builder events, List<Property> properties) {
        String start = parameters.integer(range.startMillis());
        String end = parameters.integer(range.endMillis());
        Select ofIds = events.where("session_id != ''")
                .column("groupArray(" + noted(properties) + ")", "noted")
                .groupBy("sipHash64(session_id)")
                .having("max(" + Source.EVENTS.millis() + ") >= " + start + " AND min(" + Source.EVENTS.millis()
                        + ") < " + end)
                .build();
        String longest = parameters.integer(LONGEST.toMillis());
        String pause = parameters.integer(LONGEST_PAUSE.toMillis());
        Select ordered = Select.from(ofIds)
                .column("arraySort(noted)", "ordered")
                .column("tupleElement(ordered, 1)", "times")
                .column("arrayDifference(times)", "pauses")
                .column("times[-1] - times[1] > " + longest, "lasting")
                .column(begins(longest, pause), "begins")
                .build();
        Select.Builder sessions = Select.from(ordered)
                .arrayJoin(
                        "arraySplit((event, pause) -> if(lasting, pause != 0 AND has(begins, tupleElement(event, 1)),"
                                + " pause > " + pause + "), ordered, pauses) AS session")
                .column("tupleElement(session[1], 1)", "begin")
                .column("tupleElement(session[-1], 1) - begin", "duration")
                .column("length(session)", "events")
                .where("begin >= " + start + " AND begin < " + end);
        for (int i = 0; i < properties.size(); i++) {
            sessions.column("tupleElement(session[1], " + (2 + 2 * i) + ")", "absent" + i)
                    .column("tupleElement(session[1], " + (3 + 2 * i) + ")", "text" + i);
        }
        if (!notes.isEmpty()) {
            String bits = "tupleElement(session, " + (2 + 2 * properties.size()) + ")";
            sessions.column("arrayReduce('groupBitOr', " + bits + ")", "notes");
            int page = notes.indexOf(PAGE_VIEWS);
            if (page >= 0) {
                sessions.column("arrayCount(bits -> bitTest(bits, " + page + "), " + bits + ")", "pages");
            }
        }
        return lookedAt(Select.from(sessions.build()));
    }

    private String noted(List<Property> properties) {
        List<String> parts = new ArrayList<>(List.of(Source.EVENTS.millis()));
        for (Property property : properties) {
            PropertyColumns columns = PropertyColumns.of(property, parameters);
            parts.add("NOT (" + columns.present() + ")");
            parts.add("if(" + columns.present() + ", " + columns.text() + ", '')");
        }
        Conditions conditions = new Conditions(parameters);
        List<String> bits = new ArrayList<>();
        for (int i = 0; i < notes.size(); i++) {
            bits.add("bitShiftLeft(toUInt32(" + conditions.of(notes.get(i)) + "), " + i + ")");
        }
        if (!bits.isEmpty()) {
            parts.add(String.join(" + ", bits));
        }
        return "tuple(" + String.join(", ", parts) + ")";
    }

    /** When the sessions of a long row of events begin, found one after the other; of other rows nothing. */
    private static String begins(String longest, String pause) {
        return "tupleElement(arrayFold((seen, time) -> if(time - tupleElement(seen, 2) > " + pause
                + " OR time - tupleElement(seen, 1) > " + longest
                + ", tuple(time, time, arrayPushBack(tupleElement(seen, 3), time)),"
                + " tuple(tupleElement(seen, 1), time, tupleElement(seen, 3))),"
                + " if(lasting, times, emptyArrayInt64()), tuple(times[1], times[1], [times[1]])), 3)";
    }

    private Select.Builder lookedAt(Select.Builder sessions) {
        List<String> scopes = new ArrayList<>();
        for (Measure.OfSessions measure : measures) {
            String scope = scope(measure);
            if (scope == null) {
                return sessions;
            }
            scopes.add(scope);
        }
        return sessions.where(scopes.stream().distinct().collect(Collectors.joining(" OR ")));
    }

    /** Where the values of a property stand in the rows. */
    static PropertyColumns columns(int property) {
        return new PropertyColumns("absent" + property + " = 0", "text" + property);
    }

    /** A measure as an aggregate of the rows. */
    String aggregate(Measure.OfSessions measure) {
        String scope = scope(measure);
        return switch (measure.function()) {
            case SESSION_DURATION -> average("duration", scope) + " / 1000";
            case MEDIAN_SESSION_DURATION -> percentile("0.5", scope);
            case P90_SESSION_DURATION -> percentile("0.9", scope);
            case EVENTS_PER_SESSION -> average("events", scope);
            case PAGES_PER_SESSION -> average("pages", scope);
            case BOUNCE_RATE -> average("toUInt64(events = 1)", scope);
            case ENGAGEMENT_RATE -> average("toUInt64(" + engaged(measure) + ")", scope);
        };
    }

    private String engaged(Measure.OfSessions measure) {
        String engaged = "duration > " + ENGAGED.toMillis() + " OR pages >= 2";
        return measure.conversion().isEmpty()
                ? engaged
                : engaged + " OR " + note(new Scope(measure.conversion(), null));
    }

    private static String average(String value, @Nullable String scope) {
        return scope == null
                ? "sum(" + value + ") / nullIf(count(), 0)"
                : "sumIf(" + value + ", " + scope + ") / nullIf(countIf(" + scope + "), 0)";
    }

    private static String percentile(String level, @Nullable String scope) {
        return (scope == null
                        ? "quantileExactInclusiveOrNull(" + level + ")(duration)"
                        : "quantileExactInclusiveOrNullIf(" + level + ")(duration, " + scope + ")")
                + " / 1000";
    }

    /** Whether a session holds an event of a measure's scope; null when every one does. */
    private @Nullable String scope(Measure.OfSessions measure) {
        return measure.scope().isEverything() ? null : note(measure.scope());
    }

    private String note(Scope scope) {
        return "bitTest(notes, " + notes.indexOf(scope) + ")";
    }
}
