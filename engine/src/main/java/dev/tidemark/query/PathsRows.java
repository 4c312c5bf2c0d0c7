package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Paths in SQL: the events of a session id as one row, cut into sessions, each of which gives one walk away from its anchor. Equal
 * walks are counted once for all of their links.
 */
final class PathsRows {
    /** A walk that no session takes. */
    static final String LASTING = "[65535]";

    private static final int ANCHOR_BIT = 1 << ValueIds.BITS;

    private final PathsQuestion question;
    private final Parameters parameters;
    private final ValueIds values;

    /** For one statement. */
    PathsRows(PathsQuestion question, Parameters parameters, ValueIds values) {
        this.question = question;
        this.parameters = parameters;
        this.values = values;
    }

    /** What the events are called: the names that most of them have. */
    static Select names(PathsQuestion question, Parameters parameters) {
        return ValueIds.select(events(question, question.touchedRange(), parameters), question.by());
    }

    private static Select.Builder events(PathsQuestion question, TimeRange range, Parameters parameters) {
        Select.Builder events = Source.EVENTS.select(parameters, range).within("session_id != ''");
        return new Conditions(parameters).limited(events, question.filter());
    }

    /**
     * Rows of {@code walk}, what the anchor and the events away from it are called, nearest first, and {@code walkers}; where there are more
     * than so many, more than so many of them. In place of visits without a long pause that last too long for one session stands {@link #LASTING}. Few functions
     * and levels: of a small tenant's time most goes into planning them.
     */
    Select plainWalks(int most) {
        String anchor = new Conditions(parameters).of(question.anchor());
        Select.Builder ids = events(question, question.touchedRange(), parameters)
                .column("arraySort(groupArray(" + EventKey.of(marked(anchor)) + "))", "ordered")
                .groupBy("session_id");
        if (anchor != null) {
            ids.having("max(" + anchor + ")");
        }
        Select sessions = Select.from(ids.build())
                .arrayJoin("arraySplit((event, pause) -> pause > " + SessionLimits.LONGEST_PAUSE.toMillis()
                        + ", ordered, arrayDifference(arrayMap(event -> " + EventKey.time("event")
                        + ", ordered))) AS session")
                .column("session", "session")
                .column(anchor(), "anchor")
                .column(
                        EventKey.time("session[-1]") + " - " + EventKey.time("session[1]") + " > "
                                + SessionLimits.LONGEST.toMillis(),
                        "lasting")
                .build();
        return Select.from(sessions)
                .column("if(lasting, CAST(" + LASTING + ", 'Array(UInt16)'), " + walk() + ")", "walk")
                .column("count()", "walkers")
                .where("lasting OR (" + anchorInRange() + ")")
                .groupBy("walk")
                .limit(most + 1, 0)
                .build();
    }

    /** The same with every session id cut into sessions, however long it lasts. */
    Select walks(int most) {
        return walks().limit(most + 1, 0).build();
    }

    private Select.Builder walks() {
        return Select.from(sessions())
                .column(walk(), "walk")
                .column("count()", "walkers")
                .where(anchorInRange())
                .groupBy("walk");
    }

    /**
     * Rows of {@code step}, {@code names} and {@code n}, the largest first. Step 0 holds the most common whole paths; each other
     * step holds the links to it from the one before, where one name alone is of those who ended there.
     */
    Select ranked() {
        Select walks = walks().build();
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
        Select ranks = ranks(parts);
        String shown = "arrayMap((name, place) -> if(place > " + question.limit() + " AND name < " + values.other()
                + ", toUInt16(" + values.other()
                + "), name), names, arrayResize([from_place, to_place], length(names)))";
        return Select.from(ranks)
                .column("step", "step")
                .column("if(step = 0, names, " + shown + ")", "shown")
                .column("sum(people)", "n")
                .where("step > 0 OR place <= " + question.limit())
                .groupBy("step")
                .groupBy("shown")
                .orderBy("n DESC")
                .orderBy("shown")
                .build();
    }

    /** The places of paths among each other, and of the names of each step; absence and what is not told apart come last. */
    private Select ranks(Select parts) {
        Select sums = Select.from(parts)
                .column("step", "step")
                .column("names", "names")
                .column("people", "people")
                .column("row_number() OVER (PARTITION BY step ORDER BY people DESC, names)", "place")
                .column("sum(people) OVER (PARTITION BY step, names[1])", "from_people")
                .column("sum(people) OVER (PARTITION BY step, length(names), names[2])", "to_people")
                .build();
        return Select.from(sums)
                .column("step", "step")
                .column("names", "names")
                .column("people", "people")
                .column("place", "place")
                .column(
                        "dense_rank() OVER (PARTITION BY step ORDER BY names[1] >= " + values.other()
                                + ", from_people DESC, names[1])",
                        "from_place")
                .column(
                        "dense_rank() OVER (PARTITION BY step ORDER BY length(names) = 1, names[2] >= " + values.other()
                                + ", to_people DESC, names[2])",
                        "to_place")
                .build();
    }

    /** Rows of {@code session}, the keys of its events in order, and {@code anchor}, the place of that among them. */
    private Select sessions() {
        String anchor = new Conditions(parameters).of(question.anchor());
        Select.Builder events = events(question, question.touchedRange(), parameters)
                .column("sipHash64(session_id)", "id")
                .column(EventKey.of(marked(anchor)), "event");
        if (anchor != null) {
            events.where("id IN (" + withAnchor(anchor) + ")");
        }
        Select ordered = Select.from(events.build())
                .column("arraySort(groupArray(event))", "ordered")
                .groupBy("id")
                .build();
        Select cut = Select.from(ordered)
                .column("ordered", "ordered")
                .column("arrayMap(x -> " + EventKey.time("x") + ", ordered)", "times")
                .column("arrayDifference(times)", "pauses")
                .column("times[-1] - times[1] > " + SessionLimits.LONGEST.toMillis(), "lasting")
                .column(begins(), "begins")
                .build();
        return Select.from(cut)
                .arrayJoin("arraySplit((time, pause) -> if(lasting, pause > 0 AND has(begins, " + EventKey.time("time")
                        + "), pause > " + SessionLimits.LONGEST_PAUSE.toMillis() + "), ordered, pauses) AS session")
                .column("session", "session")
                .column(anchor(), "anchor")
                .build();
    }

    /** The place of the anchor in a session; 0 for none. */
    private String anchor() {
        return (question.before() ? "arrayLastIndex" : "arrayFirstIndex") + "(event -> bitAnd(event, " + ANCHOR_BIT
                + ") != 0, session)";
    }

    /** The number of an event's name, and whether it is an anchor: known of its type alone where that can be. */
    private String marked(@Nullable String anchor) {
        boolean isOfTypes = question.by() instanceof Property.EventType;
        Scope scope = question.anchor();
        if (isOfTypes
                && anchor != null
                && scope.filter() == null
                && values.texts().containsAll(scope.eventTypes())) {
            return values.idOfText(
                    "event_type", text -> scope.eventTypes().contains(text) ? ANCHOR_BIT : 0, parameters);
        }
        String id =
                isOfTypes ? values.idOfText("event_type", _ -> 0, parameters) : values.id(question.by(), parameters);
        return id + " + "
                + (anchor == null ? "toUInt32(" + ANCHOR_BIT + ")" : "if(" + anchor + ", " + ANCHOR_BIT + ", 0)");
    }

    private String withAnchor(String anchor) {
        return events(question, question.range(), parameters)
                .where(anchor)
                .column("sipHash64(session_id)", "id")
                .build()
                .sql();
    }

    /**
     * The addresses in the journal of the events that a spot is of: one for each walk to it.
     *
     * @param shown the names that the answer shows at a place of walks, the anchor's being 0
     */
    Select reached(WalkSpot spot, IntFunction<List<String>> shown) {
        Select.Builder reached = Select.from(walked())
                .column("events[" + spot.place() + "]", "event")
                .column(EventKey.partition("event"), "partition")
                .column(EventKey.offset("event"), "place");
        spot.conditions("names", values, shown).forEach(reached::where);
        return Select.from(reached.build())
                .column("partition", "partition")
                .column("place", "place")
                .build();
    }

    /** The most common names at a place of walks, of those that are told apart. */
    Select mostAt(int place) {
        String name = "names[" + (place + 1) + "]";
        return Select.from(walked())
                .column(name, "name")
                .column("count()", "walkers")
                .where("length(names) > " + place)
                .where(name + " < " + values.other())
                .groupBy("name")
                .orderBy("walkers DESC")
                .orderBy("name")
                .limit(question.limit(), 0)
                .build();
    }

    /** Rows of a walk's {@code events}, as keys, and what those are called, {@code names}. */
    private Select walked() {
        Select away = Select.from(sessions())
                .column(
                        question.before()
                                ? "arrayReverse(arraySlice(session, 1, anchor))"
                                : "arraySlice(session, anchor)",
                        "away")
                .column("CAST(away, 'Array(UInt16)')", "called")
                .where(anchorInRange())
                .build();
        String kept = question.collapse()
                ? "arrayFilter((event, name, before) -> name != before, away, called,"
                        + " arrayPushFront(arrayPopBack(called), toUInt16(65535)))"
                : "away";
        return Select.from(away)
                .column("arraySlice(" + kept + ", 1, " + (question.steps() + 1) + ")", "events")
                .column("CAST(events, 'Array(UInt16)')", "names")
                .build();
    }

    /** When the sessions of a session id begin that lasts too long for one, found one after the other. */
    private static String begins() {
        return "tupleElement(arrayFold((seen, time) -> if(time - tupleElement(seen, 2) > "
                + SessionLimits.LONGEST_PAUSE.toMillis()
                + " OR time - tupleElement(seen, 1) > " + SessionLimits.LONGEST.toMillis()
                + ", tuple(time, time, arrayPushBack(tupleElement(seen, 3), time)),"
                + " tuple(tupleElement(seen, 1), time, tupleElement(seen, 3))),"
                + " if(lasting, times, emptyArrayInt64()), tuple(times[1], times[1], [times[1]])), 3)";
    }

    private String anchorInRange() {
        return "anchor > 0 AND session[anchor] >= "
                + EventKey.earliest(question.range().startMillis(), parameters) + " AND session[anchor] < "
                + EventKey.earliest(question.range().endMillis(), parameters);
    }

    /** What the anchor and the events away from it are called, nearest first. */
    private String walk() {
        int most = question.steps() + 1;
        String events;
        if (question.collapse()) {
            events = question.before() ? "arrayReverse(arraySlice(session, 1, anchor))" : "arraySlice(session, anchor)";
        } else {
            events = question.before()
                    ? "arrayReverse(arraySlice(session, greatest(1, anchor - " + question.steps() + "), least(anchor, "
                            + most + ")))"
                    : "arraySlice(session, anchor, " + most + ")";
        }
        // The name is in the lowest bits.
        String names = "CAST(" + events + ", 'Array(UInt16)')";
        return question.collapse() ? "arraySlice(arrayCompact(" + names + "), 1, " + most + ")" : names;
    }
}
