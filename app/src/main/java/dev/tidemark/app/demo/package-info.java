/** A fictional company's events, for a first look. */
@NullMarked
package dev.tidemark.app.demo;

import org.jspecify.annotations.NullMarked;
