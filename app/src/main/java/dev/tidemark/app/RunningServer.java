package dev.tidemark.app;

import java.net.URI;
import java.nio.file.Path;

/**
 * What a started server says of itself.
 *
 * @param url under which this machine reaches it
 */
record RunningServer(URI url, Path data, Credentials credentials, boolean demo) {}
