/** Tenants, their settings and schemas, keys and tokens. */
@NullMarked
package dev.tidemark.account;

import org.jspecify.annotations.NullMarked;
