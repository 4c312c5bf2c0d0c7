package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Password hashes: Argon2id with 19 MiB, two passes and one lane, written in the usual text form, which says its own parameters. A bounded
 * number is computed at a time, so that a flood of attempts takes neither memory nor every core. Blocking; thread-safe when the generator
 * is, which must be a cryptographic one outside tests.
 */
public final class Passwords {
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LEAST_CHARACTERS = 10;
    private static final int MOST_CHARACTERS = 200;
    private static final int LEAST_DISTINCT = 5;
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    private final RandomGenerator random;
    private final Semaphore computing;
    private final Secret nobodys;

    /** @param atOnce how many hashes are computed at a time */
    public Passwords(RandomGenerator random, int atOnce) {
        this.random = random;
        this.computing = new Semaphore(atOnce, true);
        this.nobodys = hash("a password that nobody has");
    }

    /** Fails, naming the field, on a password that is too easy to guess. */
    public static String checked(String password, String field) {
        if (password.length() < LEAST_CHARACTERS || password.length() > MOST_CHARACTERS) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "must have " + LEAST_CHARACTERS + " to " + MOST_CHARACTERS + " characters",
                    field);
        }
        if (password.chars().distinct().count() < LEAST_DISTINCT) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must have at least " + LEAST_DISTINCT + " different characters", field);
        }
        return password;
    }

    /** The hash to keep. */
    public Secret hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return new Secret("$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$"
                + base64.encodeToString(salt) + "$"
                + base64.encodeToString(computed(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES)));
    }

    /** Whether it is the password of a hash. Without a hash the answer is no, after the same work. */
    public boolean matches(@Nullable Secret hash, String password) {
        String shortened = password.length() > MOST_CHARACTERS ? password.substring(0, MOST_CHARACTERS) : password;
        Matcher form = FORM.matcher((hash == null ? nobodys : hash).reveal());
        if (!form.matches()) {
            return false;
        }
        byte[] expected = Base64.getDecoder().decode(form.group(5));
        byte[] found = computed(
                shortened,
                Base64.getDecoder().decode(form.group(4)),
                Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)),
                expected.length);
        return MessageDigest.isEqual(expected, found) && hash != null && shortened.length() == password.length();
    }

    private byte[] computed(String password, byte[] salt, int memory, int passes, int lanes, int length) {
        computing.acquireUninterruptibly();
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memory)
                    .withIterations(passes)
                    .withParallelism(lanes)
                    .withSalt(salt)
                    .build());
            byte[] hash = new byte[length];
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
            return hash;
        } finally {
            computing.release();
        }
    }
}
