/** A server's public API, as the commands use it. */
@NullMarked
package dev.tidemark.app.client;

import org.jspecify.annotations.NullMarked;
