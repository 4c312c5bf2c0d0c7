/** Micro-benchmarks of the event path, run inside the code that they measure. */
@NullMarked
package dev.tidemark.bench.micro;

import org.jspecify.annotations.NullMarked;
