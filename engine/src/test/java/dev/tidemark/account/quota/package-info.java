/** Tests of what a tenant may use. */
@NullMarked
package dev.tidemark.account.quota;

import org.jspecify.annotations.NullMarked;
