/** What an operator can set, read once at start. */
@NullMarked
package dev.tidemark.app.config;

import org.jspecify.annotations.NullMarked;
