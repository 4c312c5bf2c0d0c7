package dev.tidemark.query;

/**
 * What is special where one event can serve several steps, in SQL. Which steps a set of events can serve, each event one, is a
 * matching between the two; it grows by one event along the shortest alternating path to the lowest step that can be gained
 * (the sets of steps that can be served are a matroid, so that the lowest is always right).
 *
 * <p>A matching is an array by step of the mask of the event that serves it, 0 for none.
 */
final class FunnelOverlaps {
    private static final long MASK = FunnelEvents.STEP_KIND - 1;

    private final int steps;

    FunnelOverlaps(int steps) {
        this.steps = steps;
    }

    /** Whether an array of words has an event that can serve several steps. */
    String isPresent(String words) {
        return "arrayExists(w -> " + isOfSeveral("w") + ", " + words + ")";
    }

    private static String isOfSeveral(String word) {
        return "bitTest(" + word + ", 20) AND bitCount(bitAnd(" + word + ", " + MASK + ")) > 1";
    }

    /**
     * Sorted words in which the events of one millisecond can be read one after another. Where several of them are there and one of
     * them can serve several steps, they are replaced by made-up events of one step each that lead from every level to the level
     * which the best matching leads to: for each level from the highest to the lowest, the steps in between.
     */
    String inSequence(String words) {
        String times = "arrayMap(w -> bitShiftRight(w, " + FunnelEvents.TIME_SHIFT + "), " + words + ")";
        String groups = "arraySplit((w, d) -> d != 0, " + words + ", arrayDifference(" + times + "))";
        String all = "if(" + isPresent(words) + ", " + groups + ", [])";
        String rewritten = "arrayFlatten(arrayMap(g -> if(length(g) = 1 OR NOT " + isPresent("g") + ", g, "
                + "arrayConcat(arrayFilter(w -> NOT bitTest(w, 20), g), " + madeUp("g") + ")), " + all + "))";
        return "if(" + isPresent(words) + ", " + rewritten + ", " + words + ")";
    }

    private String madeUp(String group) {
        // A word of the group without its mask.
        String base = "bitShiftLeft(bitShiftRight(" + group + "[1], " + FunnelEvents.TIME_SHIFT + "), "
                + FunnelEvents.TIME_SHIFT + ") + " + FunnelEvents.STEP_KIND;
        String levels = "arrayReverse(range(" + steps + "))";
        String reached =
                "arrayFold((acc, w) -> " + grown("acc", "bitShiftLeft(bitShiftRight(bitAnd(w, " + MASK + "), lv), lv)")
                        + ", arrayFilter(w -> bitTest(w, 20), " + group + "), " + empty() + ")";
        // The steps from the level on that are served without a gap.
        String without = "arrayFirstIndex((e, i) -> e = 0 AND i > lv, arrayPushBack(" + reached
                + ", toInt64(0)), range(1, " + (steps + 2) + "))";
        return "arrayFlatten(arrayMap(lv -> arrayMap(s -> " + base
                + " + bitShiftLeft(toInt64(1), s), range(lv, toUInt64(" + without + " - 1))), " + levels + "))";
    }

    /** By position: the ascending times at which, from the position's own on, ever more steps are done in any order; padded. */
    String timesInAnyOrder(String words, long none) {
        String time = "bitShiftRight(w, " + FunnelEvents.TIME_SHIFT + ")";
        String grown = grown("tupleElement(acc, 1)", "bitAnd(w, " + MASK + ")");
        String fold = "arrayFold((acc, w) -> if(bitTest(w, 20) AND " + time + " >= bitShiftRight(v, "
                + FunnelEvents.TIME_SHIFT + "), " + timed(grown, time) + ", acc), " + words + ", (" + empty()
                + ", emptyArrayInt64()))";
        return "arrayMap(v -> arrayResize(tupleElement(" + fold + ", 2), " + steps + ", " + none + "), " + words + ")";
    }

    private static String timed(String grown, String time) {
        return "arrayElement(arrayMap(next -> (next, if(countEqual(next, 0) < countEqual(tupleElement(acc, 1), 0), "
                + "arrayPushBack(tupleElement(acc, 2), " + time + "), tupleElement(acc, 2))), [" + grown + "]), 1)";
    }

    private String empty() {
        return "arrayResize(emptyArrayInt64(), " + steps + ")";
    }

    /** The matching with one event more, whose mask is given; unchanged where that gains no step. */
    private String grown(String matching, String mask) {
        String range = "range(" + steps + ")";
        // Layer by layer, the steps that can be reached: of the event itself, then of the events that serve those
        // already.
        String layers = "arrayFold((ls, d) -> arrayPushBack(ls, bitAnd(bitNot(arrayReduce('groupBitOr', ls)), "
                + "arrayReduce('groupBitOr', arrayMap((e, s) -> if(bitTest(ls[-1], s), e, 0), mt, " + range
                + ")))), range("
                + (steps - 1) + "), [mk])";
        String free = "arraySum(arrayMap((e, s) -> if(e = 0, bitShiftLeft(toInt64(1), s), 0), mt, " + range + "))";
        String gained = "bitAnd(arrayReduce('groupBitOr', ls), fr)";
        String lowest = "bitAnd(gd, -gd)";
        // Back through the layers: the step gets the event of a step of the layer before, and so on to the new event.
        String previous =
                "arrayFirstIndex((e, s) -> bitTest(ly, s) AND bitAnd(e, tupleElement(pt, 2)) != 0, mt, " + range + ")";
        String moved =
                "arrayElement(arrayMap(pv -> (arrayMap((e, s) -> if(bitTest(tupleElement(pt, 2), s), mt[pv], e), "
                        + "tupleElement(pt, 1), " + range + "), bitShiftLeft(toInt64(1), toInt64(pv) - 1)), ["
                        + previous + "]), 1)";
        String ended = "(arrayMap((e, s) -> if(bitTest(tupleElement(pt, 2), s), mk, e), tupleElement(pt, 1), " + range
                + "), toInt64(0))";
        String path =
                "tupleElement(arrayFold((pt, ly, own) -> multiIf(bitAnd(own, tupleElement(pt, 2)) = 0, pt, ly = 0, "
                        + ended + ", " + moved
                        + "), arrayReverse(arrayPushFront(arrayPopBack(ls), toInt64(0))), arrayReverse(ls), "
                        + "(mt, " + lowest + ")), 1)";
        return let(
                "mt",
                matching,
                let("mk", mask, let("ls", layers, let("fr", free, let("gd", gained, "if(gd = 0, mt, " + path + ")")))));
    }

    /** An expression with a name for a part of it. */
    private static String let(String name, String value, String expression) {
        return "arrayElement(arrayMap(" + name + " -> " + expression + ", [" + value + "]), 1)";
    }
}
