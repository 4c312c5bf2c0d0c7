package dev.tidemark.app.imports;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;

/**
 * A file that can be read from its start more than once, plain or gzip, told by its first bytes.
 *
 * @param name what it is called in messages and dead letters
 * @param temporary whether it is deleted on close
 */
record Source(Path path, String name, boolean temporary) implements AutoCloseable {

    /** The file of that name; {@code -} takes all of standard input aside first. */
    static Source of(String argument, InputStream standardInput) {
        try {
            if (argument.equals("-")) {
                Path copy = Files.createTempFile("tidemark-import-", ".tmp");
                Files.copy(standardInput, copy, StandardCopyOption.REPLACE_EXISTING);
                return new Source(copy, "stdin", true);
            }
            Path path = Path.of(argument);
            if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
                throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no readable file " + argument);
            }
            return new Source(path, String.valueOf(path.getFileName()), false);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "standard input cannot be read", e);
        }
    }

    LineReader open() throws IOException {
        return new LineReader(plain(Files.newInputStream(path)));
    }

    /** With the position within the compressed bytes, for progress. */
    LineReader open(Counted counted) throws IOException {
        return new LineReader(plain(counted.over(Files.newInputStream(path))));
    }

    long bytes() throws IOException {
        return Files.size(path);
    }

    private static InputStream plain(InputStream raw) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw, 1 << 16);
        in.mark(2);
        int first = in.read();
        int second = in.read();
        in.reset();
        return first == 0x1f && second == 0x8b ? new GZIPInputStream(in, 1 << 16) : in;
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            Files.deleteIfExists(path);
        }
    }

    /** How many bytes were read. */
    static final class Counted {
        private volatile long bytes;

        long bytes() {
            return bytes;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one reader writes, others look
        private InputStream over(InputStream in) {
            return new java.io.FilterInputStream(in) {
                @Override
                public int read() throws IOException {
                    int value = super.read();
                    bytes += value < 0 ? 0 : 1;
                    return value;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int count = super.read(buffer, offset, length);
                    bytes += Math.max(0, count);
                    return count;
                }
            };
        }
    }
}
