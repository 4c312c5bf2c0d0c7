package dev.tidemark.store;

import java.util.Map;

/**
 * In which order the engine reads the columns of the rows that a statement asks for. It plans steps of its own for each statement, so that
 * what a condition leaves out need not be read. Where conditions leave out little, that costs a small question more than it saves.
 */
enum ReadingSteps {
    /** Each condition by itself before the next, the cheapest first: some may leave out most rows. */
    AS_THE_ENGINE_CHOOSES(Map.of()),

    /** All columns of conditions, then the others: states of rollups are large, and a block has rows of several tenants. */
    CONDITIONS_FIRST(Map.of("enable_multiple_prewhere_read_steps", "0")),

    /** All columns together: the key finds the rows. */
    ALL_AT_ONCE(Map.of("optimize_move_to_prewhere", "0"));

    private final Map<String, String> settings;

    ReadingSteps(Map<String, String> settings) {
        this.settings = settings;
    }

    /** Of the engine, for the statement. */
    Map<String, String> settings() {
        return settings;
    }
}
