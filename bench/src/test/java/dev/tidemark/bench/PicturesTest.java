package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class PicturesTest {
    private final Pictures pictures = new Pictures();

    private static String snapshot(int count, int other) {
        return "{\"report\":{\"generated_at\":\"now\",\"widgets\":[{\"data\":{\"value\":" + count
                + "}},{\"data\":{\"points\":[" + other + "]}}]}}";
    }

    private static String patch(String operations) {
        return "{\"patch\":[" + operations + "]}";
    }

    private static final String TO_FIVE = patch("{\"op\":\"replace\",\"path\":\"/widgets/0/data/value\",\"value\":5}");

    private Picture show(String id, String json) throws Pictures.Wrong {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return pictures.snapshot(id, bytes, 0, bytes.length);
    }

    private Picture change(Picture before, String id, String json) throws Pictures.Wrong {
        byte[] bytes = ("  " + json).getBytes(StandardCharsets.UTF_8);
        return pictures.change(before, id, bytes, 2, bytes.length);
    }

    @Test
    void oneViewerAppliesAChangeAndTheOthersFollow() throws Exception {
        Picture first = show("a", snapshot(3, 1));
        assertThat(first.count).isEqualTo(3);
        Picture second = change(first, "b", TO_FIVE);
        assertThat(second.count).isEqualTo(5);
        assertThat(show("a", snapshot(3, 1))).isSameAs(first);
        assertThat(change(first, "b", TO_FIVE)).isSameAs(second);
        assertThat(show("b", snapshot(5, 1))).isSameAs(second);
        assertThat(pictures.newest()).isSameAs(second);
        assertThat(Objects.requireNonNull(second.report)
                        .at("/widgets/1/data/points/0")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void viewersWhoAreToldDifferentThingsAreFound() throws Exception {
        Picture first = show("a", snapshot(3, 1));
        change(first, "b", TO_FIVE);
        assertThatThrownBy(() -> change(first, "b", TO_FIVE.replace('5', '6')))
                .isInstanceOf(Pictures.Wrong.class)
                .hasMessageContaining("different changes");
        assertThatThrownBy(() -> change(first, "c", TO_FIVE)).isInstanceOf(Pictures.Wrong.class);
        assertThatThrownBy(() -> show("b", snapshot(5, 2)))
                .isInstanceOf(Pictures.Wrong.class)
                .hasMessageContaining("differs");
    }

    @Test
    void aChangeThatDoesNotFitIsFound() throws Exception {
        Picture first = show("a", snapshot(3, 1));
        assertThatThrownBy(() -> change(
                        first, "b", patch("{\"op\":\"replace\",\"path\":\"/widgets/7/data/value\",\"value\":5}")))
                .isInstanceOf(Pictures.Wrong.class)
                .hasMessageContaining("/widgets/7");
    }

    @Test
    void aSnapshotBeginsAnewForAViewerWhoMissedChanges() throws Exception {
        Picture first = show("a", snapshot(3, 1));
        Picture later = show("z", snapshot(9, 1));
        assertThat(later.count).isEqualTo(9);
        assertThat(change(first, "b", TO_FIVE).count).isEqualTo(5);
        assertThat(change(later, "zz", patch("{\"op\":\"add\",\"path\":\"/widgets/1/data/points/0\",\"value\":7}"))
                        .count)
                .isEqualTo(9);
    }

    @Test
    void aFailedWidgetHasNoCount() throws Exception {
        assertThat(show("a", "{\"report\":{\"widgets\":[{\"error\":{\"status\":503}}]}}").count)
                .isEqualTo(Picture.NO_COUNT);
    }
}
