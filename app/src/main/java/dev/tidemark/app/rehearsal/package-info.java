/** What users do with a server, done once before any comes. */
@NullMarked
package dev.tidemark.app.rehearsal;

import org.jspecify.annotations.NullMarked;
