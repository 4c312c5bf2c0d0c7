package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sessions, made of the events of a range and a day around it: the events of a session id in the order of time, cut where more
 * than 30 minutes pass without one, and at the first event later than 24 hours after the session's first. A session belongs to
 * where its first event is; of equally early ones to the least value of a property, an absent one being the greatest.
 */
final class SessionRows {
    private static final Duration ENGAGED = Duration.ofSeconds(10);
    private static final Scope PAGE_VIEWS = new Scope(List.of("page_view"), null);

    /** An event is its time and what is noted of it as one number, so that sorting numbers sorts events. */
    private static final int NOTE_BITS = 21;

    /**
     * The sessions of an id whose events may be of several: first visits without a long pause, of which one that is too long is cut
     * again and again: what lies within the longest of the first event that is left is a session, the rest is left.
     */
    private static final String SEVERAL = """
            arrayReduce('groupArrayArray', arrayMap(
                visit -> if($last - $first > $longest,
                    tupleElement(arrayFold(
                        (seen, step) -> tuple(
                            arrayFilter(event -> $event - $seen > $longest, seen.1),
                            if(empty(seen.1), seen.2, arrayPushBack(
                                seen.2, arrayFilter(event -> $event - $seen <= $longest, seen.1)))),
                        range(toUInt32(intDiv($last - $first, $longest) + 1)),
                        tuple(visit, arrayResize([visit], 0))), 2),
                    [visit]),
                $visits))""";

    /** The visits of an id: its events without a long pause. */
    private static final String VISITS = """
            arraySplit(
                (event, pause) -> pause > $pause,
                arraySort($sorted) AS ordered,
                arrayDifference(arrayMap(event -> $event, ordered)))""";

    /** Whether a row is of a visit that lasts too long for one session. */
    static final String LASTING = "duration > " + SessionLimits.LONGEST.toMillis();

    private final List<Measure.OfSessions> measures;
    private final TimeRange range;
    private final Parameters parameters;
    private final boolean beside;

    /** What is noted of each event, a bit each: whether it is of this. */
    private final List<Scope> notes;

    /**
     * Rows to come.
     *
     * @param beside whether there are also rows for visits that begin elsewhere, so that {@link #ids} can be counted of the same rows; only where they are
     *     found plainly and without properties
     */
    SessionRows(List<Measure> measures, TimeRange range, Parameters parameters, boolean beside) {
        this.beside = beside;
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
     *
     * @param plainly visits without a long pause are not cut, so that the engine has half as much to plan; then {@link #LASTING} says which of them are too
     *     long, and the rows are right where none is
     */
    Select.Builder from(Select.Builder events, List<Property> properties, boolean plainly) {
        String start = parameters.integer(range.startMillis());
        String end = parameters.integer(range.endMillis());
        boolean plain = properties.isEmpty();
        Select.Builder ofIds = events.within("session_id != ''")
                .column("groupArray(" + noted() + ")", "noted")
                .column(time("arrayMin(noted)"), "first")
                .column(time("arrayMax(noted)"), "last")
                .groupBy("session_id")
                .having("last >= " + start + " AND first < " + end);
        StringBuilder parts = new StringBuilder("noted");
        for (int i = 0; i < properties.size(); i++) {
            ofIds.column("groupArray(" + ranked(properties.get(i)) + ")", "texts" + i);
            parts.append(", texts").append(i);
        }
        ofIds.column(plain ? "noted" : "arrayZip(" + parts + ")", "whole");
        if (beside) {
            ofIds.column("session_id", "session_id");
        }
        String keys = plain ? "session" : "tupleElement(session, 1)";
        Select.Builder sessions = Select.from(ofIds.build())
                .arrayJoin("if(last - first > " + SessionLimits.LONGEST_PAUSE.toMillis() + ", "
                        + (plainly ? visits(plain) : several(plain)) + ", [whole]) AS session")
                .column(time("arrayMin(" + keys + ")"), "begin")
                .column(time("arrayMax(" + keys + ")") + " - begin", "duration")
                .column("length(session)", "events");
        String begins = "begin >= " + start + " AND begin < " + end;
        if (beside) {
            sessions.column("session_id", "session_id")
                    .column(begins, "begins")
                    .column(
                            "begins OR arrayExists(event -> " + time("event") + " >= " + start + " AND " + time("event")
                                    + " < " + end + ", session)",
                            "within");
        } else {
            sessions.where(plainly ? "begin < " + end + " AND (begin >= " + start + " OR " + LASTING + ")" : begins);
        }
        if (!plain) {
            sessions.column(least(properties.size()), "least");
            for (int i = 0; i < properties.size(); i++) {
                sessions.column("tupleElement(least, " + (i + 2) + ")", "text" + i);
            }
        }
        if (!notes.isEmpty()) {
            sessions.column("arrayReduce('groupBitOr', " + keys + ")", "notes");
            int page = notes.indexOf(PAGE_VIEWS);
            if (page >= 0) {
                sessions.column("arrayCount(key -> bitTest(key, " + page + "), " + keys + ")", "pages");
            }
        }
        Select.Builder rows = Select.from(sessions.build());
        return beside ? rows : lookedAt(rows);
    }

    private static String visits(boolean plain) {
        return filled(VISITS, plain);
    }

    private static String several(boolean plain) {
        return filled(SEVERAL.replace("$visits", VISITS), plain);
    }

    private static String filled(String text, boolean plain) {
        String key = plain ? "%s" : "tupleElement(%s, 1)";
        return text.replace("$last", time(key.formatted("visit[-1]")))
                .replace("$first", time(key.formatted("visit[1]")))
                .replace("$seen", time(key.formatted("seen.1[1]")))
                .replace("$event", time(key.formatted("event")))
                .replace("$sorted", (plain ? "" : "event -> " + key.formatted("event") + ", ") + "whole")
                .replace("$longest", String.valueOf(SessionLimits.LONGEST.toMillis()))
                .replace("$pause", String.valueOf(SessionLimits.LONGEST_PAUSE.toMillis()));
    }

    /** Of the first events of a session the one with the least values. */
    private static String least(int properties) {
        String values = IntStream.range(0, properties)
                .mapToObj(i -> "tupleElement(event, " + (i + 2) + ")")
                .collect(Collectors.joining(", "));
        return "arraySort(event -> tuple(" + values + "), arrayFilter(event -> " + time("tupleElement(event, 1)")
                + " = begin, session))[1]";
    }

    private static String time(String noted) {
        return "bitShiftRight(" + noted + ", " + NOTE_BITS + ")";
    }

    private String noted() {
        Conditions conditions = new Conditions(parameters);
        StringBuilder noted = new StringBuilder(Source.EVENTS.millis() + " * " + (1 << NOTE_BITS));
        for (int i = 0; i < notes.size(); i++) {
            noted.append(" + bitShiftLeft(toInt64(")
                    .append(conditions.of(notes.get(i)))
                    .append("), ")
                    .append(i)
                    .append(")");
        }
        return noted.toString();
    }

    /** A property's value as a text that sorts by its bytes, absence behind all. */
    private String ranked(Property property) {
        PropertyColumns columns = PropertyColumns.of(property, parameters);
        return "if(" + columns.present() + ", concat('=', toString(" + columns.text() + ")), '>')";
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
        return new PropertyColumns("text" + property + " != '>'", "substring(text" + property + ", 2)");
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

    /** How many session ids have an event in the range, as an aggregate of the rows. */
    static String ids(boolean exact) {
        return (exact ? "uniqExactIf(" : "uniqCombined64If(17)(") + "session_id, within)";
    }

    /** Whether a row is of a session that a measure looks at, because it holds an event of the measure's scope; null when every one is. */
    private @Nullable String scope(Measure.OfSessions measure) {
        String note = measure.scope().isEverything() ? null : note(measure.scope());
        return !beside ? note : note == null ? "begins" : "begins AND " + note;
    }

    private String note(Scope scope) {
        return "bitTest(notes, " + notes.indexOf(scope) + ")";
    }
}
