@NullMarked
package dev.tidemark.live;

import org.jspecify.annotations.NullMarked;
