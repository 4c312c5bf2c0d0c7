/** A typed question, the SQL that answers it, and the typed result. */
@NullMarked
package dev.tidemark.query;

import org.jspecify.annotations.NullMarked;
