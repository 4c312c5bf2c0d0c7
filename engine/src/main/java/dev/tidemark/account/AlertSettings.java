package dev.tidemark.account;

import dev.tidemark.base.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant wants to be told, and where.
 *
 * @param webhookUrl where messages go; null for nowhere
 * @param webhookSecret what messages are signed with; null for unsigned ones
 * @param deadLettersPerHour from how many dead letters within an hour on; null for never
 */
public record AlertSettings(
        @Nullable URI webhookUrl,
        @Nullable Secret webhookSecret,
        @Nullable Integer deadLettersPerHour) {
    public static final AlertSettings NONE = new AlertSettings(null, null, null);
}
