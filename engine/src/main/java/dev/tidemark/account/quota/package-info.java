/** What a tenant may use, what it has used, and who is told. */
@NullMarked
package dev.tidemark.account.quota;

import org.jspecify.annotations.NullMarked;
