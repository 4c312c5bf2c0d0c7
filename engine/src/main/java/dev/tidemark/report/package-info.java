/** Reports made of widgets, and the cache of their results. */
@NullMarked
package dev.tidemark.report;

import org.jspecify.annotations.NullMarked;
