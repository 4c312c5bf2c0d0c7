/** From an HTTP body to a durable event: authenticate, parse, correct, validate, mask, enrich. */
@NullMarked
package dev.tidemark.collect;

import org.jspecify.annotations.NullMarked;
