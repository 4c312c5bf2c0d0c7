package dev.tidemark.base;

import java.util.regex.Pattern;

/** The id of a tenant: 1 to 63 lower-case letters, digits and dashes, starting with a letter or digit. */
public record TenantId(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public TenantId {
        if (!FORM.matcher(value).matches()) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "tenant id must be 1 to 63 lower-case letters, digits and dashes, starting with a letter or digit",
                    "tenant_id");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
