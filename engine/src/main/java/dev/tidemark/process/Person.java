package dev.tidemark.process;

import dev.tidemark.base.Event;
import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/** The number of a person: XXHash64 with seed 0 of {@code u} and the user id, else of {@code a} and the anonymous id. */
final class Person {
    /** Of an event without a person. */
    static final long NONE = 0;

    private static final XXHash64 HASH = XXHashFactory.fastestJavaInstance().hash64();

    private Person() {}

    static long of(Event event) {
        if (event.userId() != null) {
            return hash('u', event.userId());
        }
        return event.anonymousId() != null ? hash('a', event.anonymousId()) : NONE;
    }

    private static long hash(char tag, String id) {
        byte[] name = id.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[name.length + 1];
        bytes[0] = (byte) tag;
        System.arraycopy(name, 0, bytes, 1, name.length);
        long hash = HASH.hash(bytes, 0, bytes.length, 0L);
        return hash == NONE ? 1 : hash;
    }
}
