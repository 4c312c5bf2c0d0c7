package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A person with an account on this server. What the person may do in a tenant is said by memberships.
 *
 * @param email in lower case; unique
 * @param name how the person wants to be called; may be empty
 * @param passwordHash as {@link Passwords} writes it; null for one who signs in through a provider only
 * @param identity of the person at the provider, as {@code issuer|subject}; null while none is linked
 * @param administrator whether the person administers the server: makes and closes tenants
 */
public record User(
        UserId id,
        String email,
        String name,
        @Nullable Secret passwordHash,
        @Nullable String identity,
        boolean administrator,
        Instant createdAt) {
    private static final int MAX_EMAIL = 254;
    private static final int MAX_NAME = 200;
    private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+");

    /** An address as it is kept; a failure names the field. */
    public static String checkedEmail(String text, String field) {
        String email = text.strip().toLowerCase(Locale.ROOT);
        if (email.length() > MAX_EMAIL || !EMAIL.matcher(email).matches()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be an e-mail address", field);
        }
        return email;
    }

    /** A name as it is kept; a failure names the field. */
    public static String checkedName(String text, String field) {
        String name = text.strip();
        if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must be one line of at most " + MAX_NAME + " characters", field);
        }
        return name;
    }

    User withPassword(Secret hash) {
        return new User(id, email, name, hash, identity, administrator, createdAt);
    }

    User withIdentity(String linked) {
        return new User(id, email, name, passwordHash, linked, administrator, createdAt);
    }
}
