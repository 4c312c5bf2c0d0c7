package dev.tidemark.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * One picture of a report.
 *
 * @param id stays the same when the widget is changed
 * @param question in its JSON form, which has been found to be valid; not to be modified
 */
public record Widget(String id, Type type, String title, ObjectNode question, Display display, Layout layout) {

    /** The kind of question, each with the displays that can show its answer; the first is the default. */
    public enum Type {
        TREND(Display.LINE, Display.BAR, Display.AREA, Display.NUMBER, Display.TABLE),
        METRIC(Display.NUMBER),
        TABLE(Display.TABLE),
        FUNNEL(Display.FUNNEL, Display.LINE, Display.TABLE),
        RETENTION(Display.GRID, Display.LINE),
        COHORT(Display.GRID, Display.LINE),
        STICKINESS(Display.BAR, Display.TABLE),
        PATHS(Display.FLOW, Display.TABLE);

        private final List<Display> displays;

        Type(Display... displays) {
            this.displays = List.of(displays);
        }

        public List<Display> displays() {
            return displays;
        }

        /** The word in JSON, as in {@code trend}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How an answer is drawn. */
    public enum Display {
        LINE,
        BAR,
        AREA,
        NUMBER,
        TABLE,
        /** Steps beside each other, each with its share of the first. */
        FUNNEL,
        /** Cohorts by periods, shaded by their value. */
        GRID,
        /** Streams from step to step. */
        FLOW;

        /** The word in JSON, as in {@code line}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A place on a grid of 12 columns: left and top edge, width and height, in cells. */
    public record Layout(int x, int y, int w, int h) {
        public static final int COLUMNS = 12;
    }
}
