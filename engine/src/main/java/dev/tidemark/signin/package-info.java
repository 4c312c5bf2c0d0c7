/** Persons who sign in: sessions, one-time links, passwords and providers. */
@NullMarked
package dev.tidemark.signin;

import org.jspecify.annotations.NullMarked;
