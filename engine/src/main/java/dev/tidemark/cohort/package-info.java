/** Cohorts: how they are defined, kept, listed and changed. What they mean is said in {@code query}. */
@NullMarked
package dev.tidemark.cohort;

import org.jspecify.annotations.NullMarked;
