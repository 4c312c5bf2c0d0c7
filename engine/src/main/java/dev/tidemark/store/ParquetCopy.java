package dev.tidemark.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Copies a Parquet file and holds its last bytes back until it is certain that they are the end of one. */
final class ParquetCopy {
    private static final byte[] MARK = {'P', 'A', 'R', '1'};
    private static final int CHUNK = 64 << 10;

    private ParquetCopy() {}

    /** Fails when what comes is no whole file, such as when the engine failed meanwhile and said so in its place. */
    static void copy(InputStream input, OutputStream target) throws IOException {
        byte[] buffer = new byte[CHUNK];
        int held = 0;
        while (true) {
            int read = input.read(buffer, held, buffer.length - held);
            if (read < 0) {
                break;
            }
            held += read;
            int passed = held - MARK.length;
            if (passed > 0) {
                target.write(buffer, 0, passed);
                System.arraycopy(buffer, passed, buffer, 0, MARK.length);
                held = MARK.length;
            }
        }
        if (held != MARK.length || !Arrays.equals(buffer, 0, held, MARK, 0, MARK.length)) {
            throw new IOException("the engine's answer breaks off");
        }
        target.write(MARK);
    }
}
