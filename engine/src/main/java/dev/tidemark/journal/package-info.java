/** The durable, ordered, partitioned log of everything that was acknowledged. */
@NullMarked
package dev.tidemark.journal;

import org.jspecify.annotations.NullMarked;
