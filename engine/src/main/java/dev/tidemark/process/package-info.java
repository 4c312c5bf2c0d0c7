/** From journal to store: de-duplication, user traits, batches with stable boundaries. */
@NullMarked
package dev.tidemark.process;

import org.jspecify.annotations.NullMarked;
