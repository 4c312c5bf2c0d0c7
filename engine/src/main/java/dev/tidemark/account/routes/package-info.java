/** The HTTP face of accounts. Apart from the accounts themselves, on which the HTTP layer stands. */
@NullMarked
package dev.tidemark.account.routes;

import org.jspecify.annotations.NullMarked;
