package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.MemoryJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real libraries, from the package registry, against the real routes. Needs Node.js, and Chromium for the browser's. */
@Timeout(180)
final class SegmentLibrariesTest {
    private static final Path SCRIPTS = engine().resolve("src/test/segment");
    private static final Path WORK = engine().resolve("target/segment");
    private static final List<Path> BROWSERS = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));

    private final MemoryJournal journal = new MemoryJournal(1);

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(
                onPath("node") && onPath("npm"),
                "Node.js and npm are not installed: Segment's libraries are not tested");
        Files.createDirectories(WORK);
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            for (Path file : files.toList()) {
                Files.copy(file, WORK.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path stamp = WORK.resolve("installed");
        String lock = Files.readString(WORK.resolve("package-lock.json"));
        if (!Files.exists(stamp) || !Files.readString(stamp).equals(lock)) {
            run("npm", "ci", "--no-audit", "--no-fund");
            Files.writeString(stamp, lock);
        }
    }

    @Test
    void theServerLibraryDeliversEveryCall() throws Exception {
        try (CollectServer server =
                new CollectServer(new FixedTenants(), journal, Desk.CONFIG, (_, _, _, _) -> Set.of())) {
            run("node", "server.mjs", "http://127.0.0.1:" + server.port, FixedTenants.WRITE_KEY);
        }
        Map<String, Event> events =
                events().stream().collect(Collectors.toMap(event -> event.id().value(), event -> event));
        assertThat(events).containsOnlyKeys("m-track", "m-page", "m-screen", "m-identify", "m-group", "m-alias");
        assertThat(events.values()).extracting(Event::userId).containsOnly("u-1");
        Event track = at(events, "m-track");
        assertThat(track.type()).isEqualTo("Order Completed");
        assertThat(track.anonymousId()).isEqualTo("a-1");
        assertThat(track.properties().numbers()).containsEntry("total", 12.5);
        assertThat(track.properties().strings()).containsEntry("items", "[1,2]");
        assertThat(track.context().get(ContextField.SDK)).startsWith("@segment/analytics-node/");
        Event page = at(events, "m-page");
        assertThat(page.type()).isEqualTo("page_view");
        assertThat(page.properties().strings()).containsEntry("name", "Cart").containsEntry("category", "Shop");
        assertThat(page.context())
                .containsEntry(ContextField.PAGE_PATH, "/cart")
                .containsEntry(ContextField.UTM_SOURCE, "mail");
        assertThat(at(events, "m-screen").type()).isEqualTo("screen_view");
        Event identify = at(events, "m-identify");
        assertThat(identify.type()).isEqualTo("identify");
        assertThat(identify.setsTraits()).isTrue();
        assertThat(identify.traits().strings()).containsEntry("plan", "pro");
        Event group = at(events, "m-group");
        assertThat(group.type()).isEqualTo("group");
        assertThat(group.setsTraits()).isFalse();
        assertThat(group.properties().strings())
                .containsEntry("group_id", "g-1")
                .containsEntry("group.name", "Acme");
        Event alias = at(events, "m-alias");
        assertThat(alias.type()).isEqualTo("alias");
        assertThat(alias.properties().strings()).containsEntry("previous_id", "a-1");
    }

    @Test
    void theBrowserLibraryDeliversEveryCall() throws Exception {
        List<Path> browsers = BROWSERS.stream().filter(Files::isExecutable).toList();
        assumeTrue(!browsers.isEmpty(), "Chromium is not installed: Segment's browser library is not tested");
        try (CollectServer server =
                new CollectServer(new FixedTenants(), journal, Desk.CONFIG, (_, _, _, _) -> Set.of())) {
            run(
                    "node",
                    "browser.mjs",
                    "http://127.0.0.1:" + server.port,
                    FixedTenants.WRITE_KEY,
                    browsers.getFirst().toString());
        }
        Map<String, Event> events = events().stream().collect(Collectors.toMap(Event::type, event -> event));
        assertThat(events).containsOnlyKeys("page_view", "identify", "Clicked", "screen_view", "group", "alias");
        Event page = at(events, "page_view");
        assertThat(page.properties().strings()).containsEntry("color", "red").containsEntry("name", "Cart");
        assertThat(page.idAssigned()).isFalse();
        assertThat(page.context())
                .containsEntry(ContextField.PAGE_PATH, "/shop")
                .containsEntry(ContextField.PAGE_TITLE, "Shop")
                .containsEntry(ContextField.UTM_CAMPAIGN, "spring")
                .containsKey(ContextField.BROWSER)
                .containsEntry(ContextField.DEVICE_TYPE, "desktop");
        assertThat(at(events, "identify").traits().strings()).containsEntry("plan", "free");
        assertThat(at(events, "Clicked").userId()).isEqualTo("u-2");
        assertThat(at(events, "Clicked").properties().numbers()).containsEntry("n", 1d);
        assertThat(at(events, "alias").properties().strings()).containsEntry("previous_id", "u-2");
    }

    private List<Event> events() {
        EntryCodec codec = new EntryCodec();
        return journal.read(0, 0, 1_000).stream()
                .map(record -> (Event) codec.decode(record.bytes()))
                .toList();
    }

    private static Event at(Map<String, Event> events, String key) {
        Event event = events.get(key);
        if (event == null) {
            throw new AssertionError("no " + key);
        }
        return event;
    }

    private static void run(String... command) throws Exception {
        Path output = Files.createTempFile(WORK, "run", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(WORK.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(150, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
            assertThat(process.exitValue())
                    .as(String.join(" ", command) + "\n" + Files.readString(output, StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
            family.add(process.toHandle());
            family.forEach(ProcessHandle::destroyForcibly);
            Files.deleteIfExists(output);
        }
    }

    private static boolean onPath(String command) {
        try {
            return new ProcessBuilder(command, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(30, TimeUnit.SECONDS);
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Path engine() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("engine") ? here : here.resolve("engine");
    }
}
