/** The process that hosts the analytical engine. */
@NullMarked
package dev.tidemark.host;

import org.jspecify.annotations.NullMarked;
