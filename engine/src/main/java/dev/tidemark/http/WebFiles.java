package dev.tidemark.http;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The files that the front end's build made, from one directory and nowhere outside it: no link, no {@code ..}, no dot file
 * leads out. Kept in memory once read, plain and compressed, read again when they change. Blocking; thread-safe.
 */
public final class WebFiles {
    private static final long MAX_BYTES = 16L << 20;
    private static final int MAX_KEPT = 500;
    /** Shorter than what any file system takes for one name. */
    private static final int MAX_PATH = 200;

    /** Smaller ones fit into a packet as they are. */
    private static final int LEAST_PACKED = 1_000;

    private static final Set<String> PACKED = Set.of("html", "js", "mjs", "css", "json", "map", "svg", "txt");
    private static final byte[] NOTHING = new byte[0];
    /** {@code gzip} among the encodings that are taken, not with {@code q=0}. */
    private static final Pattern TAKES_GZIP =
            Pattern.compile("(?i)(?:^|,)\\s*(?:x-)?gzip\\s*(?:;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$))[^,]*)?(?:,|$)");

    private static final Pattern HASHED = Pattern.compile(".*[-.][A-Za-z0-9_-]{8,}\\.[a-z0-9]+");
    private static final Map<String, String> CONTENT_TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    private final Path directory;
    private final Map<Path, Kept> kept = new ConcurrentHashMap<>();

    /** The directory need not exist yet. */
    public WebFiles(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /** The file at a path relative to the directory, in answer to a call; {@code NOT_FOUND} when there is none. */
    public Reply reply(Call call, String path) {
        Kept file = find(path).orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such file"));
        boolean immutable = path.startsWith("assets/") && HASHED.matcher(path).matches();
        boolean packed = file.gzip.length > 0 && takesGzip(call);
        String entityTag = packed ? file.gzipTag : file.entityTag;
        Reply reply = EntityTag.matches(call, entityTag)
                ? Reply.empty(304)
                : Reply.bytes(200, contentType(path), packed ? file.gzip : file.bytes);
        if (packed) {
            reply = reply.withHeader("Content-Encoding", "gzip");
        }
        return reply.withHeader("ETag", entityTag)
                .withHeader("Vary", "Accept-Encoding")
                .withHeader("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
    }

    private static boolean takesGzip(Call call) {
        return call.header("accept-encoding").filter(TAKES_GZIP.asPredicate()).isPresent();
    }

    /** The text of a file; empty when there is none. */
    public Optional<String> text(String path) {
        return find(path).map(file -> new String(file.bytes, StandardCharsets.UTF_8));
    }

    private Optional<Kept> find(String path) {
        try {
            Path file = directory.resolve(path).normalize();
            if (path.length() > MAX_PATH || !file.startsWith(directory) || hidden(path)) {
                return Optional.empty();
            }
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()
                    || attributes.size() > MAX_BYTES
                    || !file.toRealPath().startsWith(directory.toRealPath())) {
                return Optional.empty();
            }
            Kept known = kept.get(file);
            if (known != null && known.modified.equals(attributes.lastModifiedTime())) {
                return Optional.of(known);
            }
            byte[] bytes = Files.readAllBytes(file);
            String hash = hash(bytes);
            Kept read = new Kept(
                    attributes.lastModifiedTime(),
                    bytes,
                    '"' + hash + '"',
                    packed(path, bytes),
                    '"' + hash + "-gzip\"");
            if (kept.size() >= MAX_KEPT) {
                kept.clear();
            }
            kept.put(file, read);
            return Optional.of(read);
        } catch (NoSuchFileException | InvalidPathException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a file could not be read", e);
        }
    }

    private static boolean hidden(String path) {
        return path.startsWith(".") || path.contains("/.");
    }

    private static String contentType(String path) {
        return CONTENT_TYPES.getOrDefault(extension(path), "application/octet-stream");
    }

    private static String extension(String path) {
        return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "SHA-256 is missing", e);
        }
    }

    /** Compressed as well as gzip can, once; empty where that gains nothing. */
    private static byte[] packed(String path, byte[] bytes) throws IOException {
        if (bytes.length < LEAST_PACKED || !PACKED.contains(extension(path))) {
            return NOTHING;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(bytes);
        }
        return packed.size() < bytes.length ? packed.toByteArray() : NOTHING;
    }

    /**
     * A file as it was read.
     *
     * @param gzip the same compressed; empty where it is always sent as it is
     */
    private record Kept(FileTime modified, byte[] bytes, String entityTag, byte[] gzip, String gzipTag) {}
}
