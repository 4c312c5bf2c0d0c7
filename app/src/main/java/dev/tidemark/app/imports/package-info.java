/** Files of events turned into requests to the public API. */
@NullMarked
package dev.tidemark.app.imports;

import org.jspecify.annotations.NullMarked;
