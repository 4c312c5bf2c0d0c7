/** The glue between HTTP and the stages: route table, credentials, problem details, correlation ids. */
@NullMarked
package dev.tidemark.http;

import org.jspecify.annotations.NullMarked;
