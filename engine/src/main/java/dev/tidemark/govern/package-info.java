/**
 * What is done with data after it came: dead letters replayed, persons erased, retention applied, every administrative act written
 * down.
 */
@NullMarked
package dev.tidemark.govern;

import org.jspecify.annotations.NullMarked;
