@NullMarked
package dev.tidemark.signin;

import org.jspecify.annotations.NullMarked;
