/** Configuration, wiring and the command line. */
@NullMarked
package dev.tidemark.app;

import org.jspecify.annotations.NullMarked;
