/** Reports that move while they are watched: shared streams of snapshots and changes. */
@NullMarked
package dev.tidemark.live;

import org.jspecify.annotations.NullMarked;
