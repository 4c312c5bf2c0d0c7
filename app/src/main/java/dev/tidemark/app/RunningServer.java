package dev.tidemark.app;

import dev.tidemark.base.Secret;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a started server says of itself.
 *
 * @param url under which this machine reaches it
 * @param operatorKey for the commands of whoever may read the data directory
 * @param setup the secret part of the link that makes the first administrator; null when there is one
 */
record RunningServer(
        URI url,
        Path data,
        Credentials credentials,
        boolean demo,
        Secret operatorKey,
        @Nullable Secret setup) {}
