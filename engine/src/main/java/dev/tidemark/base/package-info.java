/** The shared vocabulary: ids, the event itself, failures, time and randomness. */
@NullMarked
package dev.tidemark.base;

import org.jspecify.annotations.NullMarked;
