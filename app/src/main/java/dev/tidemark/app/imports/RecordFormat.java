package dev.tidemark.app.imports;

/** How the records of a file become events. Fed with every line from the first, in order. Not thread-safe. */
interface RecordFormat {

    /** Part of what identifies an import: the same file read in another way is another import. */
    String identity();

    /** Whether the text is only the beginning of a record, so that the next line belongs to it. */
    default boolean continues(String text) {
        return false;
    }

    /**
     * Makes an event of a record.
     *
     * @param name of this occurrence of the record, from which its event id is made where it brings none
     */
    Formed form(String text, String name);
}
