package dev.tidemark.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine that was killed noted of inserts, and what is left of it. */
final class InsertNotesTest {
    @TempDir
    private Path data;

    private Path table = Path.of("");
    private Path notes = Path.of("");

    @BeforeEach
    void oneTable() throws IOException {
        table = data.resolve("store/abc/abc01");
        notes = Files.createDirectories(table.resolve("deduplication_logs"));
        Files.createDirectories(table.resolve("detached"));
        Files.writeString(table.resolve("format_version.txt"), "1");
    }

    @Test
    void takesBackTheNoteOfAPartThatIsNotThere() throws IOException {
        log(1, "1\t202611_1_1_0\tfirst\n1\t202611_2_2_0\tsecond\n");
        parts("202611_1_1_0", "tmp_insert_202611_2_2_0");

        assertThat(InsertNotes.mend(data)).isEqualTo(1);

        assertThat(text(1)).isEqualTo("1\t202611_1_1_0\tfirst\n1\t202611_2_2_0\tsecond\n2\t202611_2_2_0\tsecond\n");
        assertThat(InsertNotes.mend(data)).as("once is enough").isZero();
    }

    @Test
    void knowsAPartByWhatItWasMergedOrChangedInto() throws IOException {
        String written = "1\t202611_1_1_0\ta\n1\t202611_2_2_0\tb\n1\t202611_9_9_0\tc\n1\tall_3_3_0\td\n";
        log(1, written);
        parts("202611_1_4_1", "202611_9_9_0_12", "all_1_7_2_8");

        assertThat(InsertNotes.mend(data)).isZero();
        assertThat(text(1)).isEqualTo(written);
    }

    @Test
    void aPartOfAnotherMonthIsAnotherPart() throws IOException {
        log(1, "1\t202610_2_2_0\ta\n");
        parts("202611_1_4_1");

        assertThat(InsertNotes.mend(data)).isEqualTo(1);
    }

    @Test
    void whatWasTakenBackBeforeIsNotTakenBackAgainAndTheNewestNoteCounts() throws IOException {
        log(1, "1\tall_1_1_0\ta\n1\tall_2_2_0\tb\n2\tall_2_2_0\tb\n");
        log(2, "1\tall_3_3_0\ta\n");
        log(10, "1\tall_4_4_0\tc\n");
        parts("all_3_3_0");

        assertThat(InsertNotes.mend(data)).isEqualTo(1);
        assertThat(text(10)).isEqualTo("1\tall_4_4_0\tc\n2\tall_4_4_0\tc\n");
        assertThat(text(2)).isEqualTo("1\tall_3_3_0\ta\n");
    }

    @Test
    void aNoteThatWasNotWrittenToItsEndIsCutOff() throws IOException {
        log(1, "1\tall_1_1_0\ta\n1\tall_2_2");
        parts("all_1_1_0", "all_2_2_0");

        assertThat(InsertNotes.mend(data)).isZero();
        assertThat(text(1)).isEqualTo("1\tall_1_1_0\ta\n");
    }

    @Test
    void aNewFolderAndATableWithoutNotesAreLeftAlone() throws IOException {
        assertThat(InsertNotes.mend(data)).isZero();
        assertThat(InsertNotes.mend(data.resolve("none"))).isZero();
    }

    @Test
    void nothingIsTouchedWhileAnotherHolds() throws IOException {
        log(1, "1\tall_1_1_0\ta\n");
        Files.writeString(data.resolve("mine"), "");
        try (DataFolder first = DataFolder.open(data)) {
            assertThat(first.isHeld()).isTrue();
            assertThat(text(1)).endsWith("2\tall_1_1_0\ta\n");
            log(1, "1\tall_2_2_0\tb\n");
            try (DataFolder second = DataFolder.open(data)) {
                assertThat(second.isHeld()).isFalse();
            }
            assertThat(text(1)).isEqualTo("1\tall_2_2_0\tb\n");
        }
        try (DataFolder next = DataFolder.open(data)) {
            assertThat(next.isHeld()).isTrue();
        }
    }

    private void log(int number, String lines) throws IOException {
        Files.writeString(notes.resolve("deduplication_log_" + number + ".txt"), lines);
    }

    private String text(int number) throws IOException {
        return Files.readString(notes.resolve("deduplication_log_" + number + ".txt"));
    }

    private void parts(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(table.resolve(name));
        }
    }
}
