/** Load generator, benchmarks and the crash test. */
@NullMarked
package dev.tidemark.bench;

import org.jspecify.annotations.NullMarked;
