/** Health, metrics and what an operator looks at. */
@NullMarked
package dev.tidemark.operate;

import org.jspecify.annotations.NullMarked;
