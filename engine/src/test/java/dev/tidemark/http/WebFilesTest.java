package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.TidemarkException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebFilesTest {
    @TempDir
    Path directory;

    private WebFiles files;

    @BeforeEach
    void fill() throws IOException {
        Path dist = directory.resolve("dist");
        Files.createDirectories(dist.resolve("assets"));
        Files.writeString(dist.resolve("index.html"), "<p>hello");
        Files.writeString(dist.resolve("assets/index-Bx81_kQz.js"), "let a");
        Files.writeString(dist.resolve(".env"), "hidden");
        Files.writeString(directory.resolve("outside.txt"), "outside");
        Files.createSymbolicLink(dist.resolve("link.txt"), directory.resolve("outside.txt"));
        Files.createSymbolicLink(dist.resolve("linked"), directory);
        files = new WebFiles(dist);
    }

    @Test
    void servesAFileWithItsTypeAndTag() {
        Reply reply = files.reply(call(Map.of()), "index.html");
        assertThat(new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("<p>hello");
        assertThat(reply.headers()).containsEntry("Content-Type", "text/html; charset=utf-8");
        assertThat(reply.headers()).containsEntry("Cache-Control", "no-cache");
        String tag = reply.headers().getOrDefault("ETag", "");
        assertThat(files.reply(call(Map.of("if-none-match", "\"x\", " + tag)), "index.html")
                        .status())
                .isEqualTo(304);
    }

    @Test
    void letsBrowsersKeepFilesWhoseNameHoldsAHash() {
        assertThat(files.reply(call(Map.of()), "assets/index-Bx81_kQz.js").headers())
                .containsEntry("Cache-Control", "public, max-age=31536000, immutable");
    }

    @Test
    void sendsCompressedWhatIsWorthItToThoseWhoTakeIt() throws IOException {
        String text = "const tide = 'mark';\n".repeat(200);
        Files.writeString(directory.resolve("dist/embed.js"), text);
        for (String taken : new String[] {"gzip", "br, gzip;q=0.5, *", "deflate,GZIP"}) {
            Reply reply = files.reply(call(Map.of("accept-encoding", taken)), "embed.js");
            assertThat(reply.headers()).as(taken).containsEntry("Content-Encoding", "gzip");
            try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(reply.body()))) {
                assertThat(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(text);
            }
        }
        for (String taken : new String[] {"", "br", "gzip;q=0", "br, gzip;q=0.0", "notgzip"}) {
            Reply reply = files.reply(call(Map.of("accept-encoding", taken)), "embed.js");
            assertThat(reply.headers()).as(taken).doesNotContainKey("Content-Encoding");
            assertThat(reply.body()).as(taken).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(files.reply(call(Map.of("accept-encoding", "gzip")), "index.html")
                        .headers())
                .doesNotContainKey("Content-Encoding");
    }

    @Test
    void tellsTheCompressedFormFromThePlainOneByItsTag() throws IOException {
        Files.writeString(directory.resolve("dist/embed.js"), "let a = 1;\n".repeat(200));
        String plain = files.reply(call(Map.of()), "embed.js").headers().getOrDefault("ETag", "");
        Map<String, String> gzip = Map.of("accept-encoding", "gzip");
        String packed = files.reply(call(gzip), "embed.js").headers().getOrDefault("ETag", "");
        assertThat(packed).isNotEqualTo(plain);
        assertThat(files.reply(call(Map.of("accept-encoding", "gzip", "if-none-match", packed)), "embed.js")
                        .status())
                .isEqualTo(304);
        assertThat(files.reply(call(Map.of("accept-encoding", "gzip", "if-none-match", plain)), "embed.js")
                        .status())
                .isEqualTo(200);
        assertThat(files.reply(call(gzip), "embed.js").headers()).containsEntry("Vary", "Accept-Encoding");
    }

    @Test
    void servesNothingFromOutsideTheDirectory() {
        for (String path : new String[] {
            "../outside.txt",
            "assets/../../outside.txt",
            "/etc/passwd",
            "link.txt",
            "linked/outside.txt",
            ".env",
            "assets/../.env",
            "assets",
            "",
            "missing.js",
            "a\u0000b",
        }) {
            assertThatThrownBy(() -> files.reply(call(Map.of()), path)).as(path).isInstanceOf(TidemarkException.class);
            assertThat(files.text(path)).as(path).isEmpty();
        }
    }

    @Test
    void noticesThatAFileHasChanged() throws IOException {
        assertThat(files.text("index.html")).contains("<p>hello");
        Path file = directory.resolve("dist/index.html");
        Files.writeString(file, "<p>new");
        Files.setLastModifiedTime(
                file, FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 5_000));
        assertThat(files.text("index.html")).contains("<p>new");
    }

    private static Call call(Map<String, String> headers) {
        return new Call("GET", "/", "http://localhost", Map.of(), Map.of(), headers, new byte[0], null, "test");
    }
}
