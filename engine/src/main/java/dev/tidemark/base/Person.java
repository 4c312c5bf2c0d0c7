package dev.tidemark.base;

import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/** The number of a person: XXHash64 with seed 0 of {@code u} and the user id, else of {@code a} and the anonymous id. */
public final class Person {
    /** Of an event without a person. */
    public static final long NONE = 0;

    private static final XXHash64 HASH = XXHashFactory.fastestJavaInstance().hash64();

    private Person() {}

    public static long of(Event event) {
        if (event.userId() != null) {
            return ofUser(event.userId());
        }
        return event.anonymousId() != null ? ofAnonymous(event.anonymousId()) : NONE;
    }

    public static long ofUser(String userId) {
        return hash('u', userId);
    }

    public static long ofAnonymous(String anonymousId) {
        return hash('a', anonymousId);
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
