package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.regex.Pattern;

/** The id of a user of this server. */
public record UserId(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,64}");

    public UserId {
        if (!FORM.matcher(value).matches()) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "a user id has 1 to 64 lower-case letters, digits and dashes", "user_id");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
