/** The analytical engine: its process, its tables, its client. */
@NullMarked
package dev.tidemark.store;

import org.jspecify.annotations.NullMarked;
