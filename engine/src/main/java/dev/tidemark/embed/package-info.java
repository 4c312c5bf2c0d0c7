/** Signed embed tokens and the pages that draw a report inside another application. */
@NullMarked
package dev.tidemark.embed;

import org.jspecify.annotations.NullMarked;
