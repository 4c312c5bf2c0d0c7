package dev.tidemark.signin;

import java.util.Base64;
import java.util.random.RandomGenerator;

/** Secrets that nobody guesses: 256 random bits in URL-safe Base64. */
final class RandomText {
    private static final int BYTES = 32;

    private RandomText() {}

    static String of(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
