package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.time.Duration;

/**
 * Paths in SQL: the events of a session id as one row, cut into sessions, each of which gives one walk away from its anchor. Equal
 * walks are counted once for all of their links. What an event is called travels as text with a mark before it, or as nothing where
 * it lacks the property.
 */
final class PathsRows {
    /** After this an event is of another session, whatever its id says. */
    static final Duration LONGEST_SESSION = Duration.ofHours(24);

    /** A pause longer than this ends a session. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

    /** Before the text of what an event is called. */
    static final String VALUE = "=";

    /** In place of what is not among the most common of its step. */
    static final String OTHER = "*";

    private final PathsQuestion question;
    private final Parameters parameters;

    PathsRows(PathsQuestion question, Parameters parameters) {
        this.question = question;
        this.parameters = parameters;
    }

    /**
     * Rows of {@code step}, {@code names} and {@code n}, the largest first. Step 0 holds the most common whole paths; each other
     * step holds the links to it from the one before, where one name alone is of those who ended there.
     */
    Select counts() {
        Select walks = Select.from(sessions())
                .column(walk(), "walk")
                .column("count()", "walkers")
                .where(anchorInRange())
                .groupBy("walk")
                .build();
        Select parts = Select.from(walks)
                .arrayJoin("arrayConcat(arrayMap(i -> tuple(i, arraySlice(walk, i, 2)), range(1, least(length(walk), "
                        + question.steps() + ") + 1)), if(length(walk) > " + question.steps()
                        + ", [tuple(toUInt64(0), arraySlice(walk, 2))], [])) AS part")
                .column("tupleElement(part, 1)", "step")
                .column("tupleElement(part, 2)", "names")
                .column("sum(walkers)", "people")
                .groupBy("step")
                .groupBy("names")
                .build();
        Select sums = Select.from(parts)
                .column("step", "step")
                .column("names", "names")
                .column("people", "people")
                .column("row_number() OVER (PARTITION BY step ORDER BY people DESC, names)", "place")
                .column("sum(people) OVER (PARTITION BY step, names[1])", "from_people")
                .column("sum(people) OVER (PARTITION BY step, length(names), names[2])", "to_people")
                .build();
        Select ranks = Select.from(sums)
                .column("step", "step")
                .column("names", "names")
                .column("people", "people")
                .column("place", "place")
                .column(
                        "dense_rank() OVER (PARTITION BY step ORDER BY names[1] = '', from_people DESC, names[1])",
                        "from_place")
                .column(
                        "dense_rank() OVER (PARTITION BY step ORDER BY length(names) = 1, names[2] = '',"
                                + " to_people DESC, names[2])",
                        "to_place")
                .build();
        return Select.from(ranks)
                .column("step", "step")
                .column(
                        "if(step = 0, names, arrayMap((name, place) -> if(place > " + question.limit()
                                + " AND name != '', '" + OTHER + "', name), names, arrayResize([from_place, to_place],"
                                + " length(names))))",
                        "shown")
                .column("sum(people)", "n")
                .where("step > 0 OR place <= " + question.limit())
                .groupBy("step")
                .groupBy("shown")
                .orderBy("n DESC")
                .orderBy("shown")
                .build();
    }

    private Select.Builder events(TimeRange range) {
        Select.Builder events = Source.EVENTS.select(parameters, range).where("session_id != ''");
        Filter filter = question.filter();
        return filter == null ? events : events.where(new Conditions(parameters).of(filter));
    }

    /** Rows of {@code session}, its events in order, each as its time, whether it can be the anchor, and what it is called. */
    private Select sessions() {
        String anchor = new Conditions(parameters).of(question.anchor());
        PropertyColumns by = PropertyColumns.of(question.by(), parameters);
        Select.Builder events = events(question.touchedRange())
                .column("sipHash64(session_id)", "id")
                .column(Source.EVENTS.millis(), "t")
                .column("journal_partition", "p")
                .column("journal_offset", "o")
                .column(anchor == null ? "true" : anchor, "a")
                .column("if(" + by.present() + ", concat('" + VALUE + "', " + by.text() + "), '')", "name");
        if (anchor != null) {
            events.where("id IN (" + withAnchor(anchor) + ")");
        }
        Select ordered = Select.from(events.build())
                .column(
                        "arraySort(arrayZip(groupArray(t), groupArray(p), groupArray(o), groupArray(a),"
                                + " groupArray(name)))",
                        "ordered")
                .groupBy("id")
                .build();
        Select cut = Select.from(ordered)
                .column("ordered", "ordered")
                .column("tupleElement(ordered, 1)", "times")
                .column("arrayDifference(times)", "pauses")
                .column("times[-1] - times[1] > " + LONGEST_SESSION.toMillis(), "lasting")
                .column(begins(), "begins")
                .build();
        return Select.from(cut)
                .arrayJoin("arraySplit((event, pause) -> if(lasting, pause > 0 AND has(begins, tupleElement(event, 1)),"
                        + " pause > " + LONGEST_PAUSE.toMillis() + "), ordered, pauses) AS session")
                .column("session", "session")
                .column(
                        question.before()
                                ? "arrayLastIndex(isAnchor -> isAnchor, tupleElement(session, 4))"
                                : "indexOf(tupleElement(session, 4), true)",
                        "anchor")
                .build();
    }

    private String withAnchor(String anchor) {
        return events(question.range())
                .where(anchor)
                .column("sipHash64(session_id)", "id")
                .build()
                .sql();
    }

    /** When the sessions of a session id begin that lasts too long for one, found one after the other. */
    private static String begins() {
        return "tupleElement(arrayFold((seen, time) -> if(time - tupleElement(seen, 2) > " + LONGEST_PAUSE.toMillis()
                + " OR time - tupleElement(seen, 1) > " + LONGEST_SESSION.toMillis()
                + ", tuple(time, time, arrayPushBack(tupleElement(seen, 3), time)),"
                + " tuple(tupleElement(seen, 1), time, tupleElement(seen, 3))),"
                + " if(lasting, times, emptyArrayInt64()), tuple(times[1], times[1], [times[1]])), 3)";
    }

    private String anchorInRange() {
        String time = "tupleElement(session[anchor], 1)";
        return "anchor > 0 AND " + time + " >= "
                + parameters.integer(question.range().startMillis()) + " AND " + time + " < "
                + parameters.integer(question.range().endMillis());
    }

    /** What the anchor and the events away from it are called, nearest first. */
    private String walk() {
        String names = "tupleElement(session, 5)";
        String away = question.before()
                ? "arrayReverse(arraySlice(" + names + ", 1, anchor))"
                : "arraySlice(" + names + ", anchor)";
        String kept = question.collapse() ? "arrayCompact(" + away + ")" : away;
        return "arraySlice(" + kept + ", 1, " + (question.steps() + 1) + ")";
    }

    /** What a name in a row says. */
    static BreakdownValue shown(String text) {
        if (text.equals(OTHER)) {
            return new BreakdownValue.Other();
        }
        return text.isEmpty() ? new BreakdownValue.None() : new BreakdownValue.Value(text.substring(VALUE.length()));
    }
}
