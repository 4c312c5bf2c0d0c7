package dev.tidemark.http;

/** What a caller must present to use a route. */
public enum Access {
    /** Anyone. */
    PUBLIC,
    /** A write key or a secret key: may send events. */
    INGEST,
    /** A secret key: everything within the tenant. */
    SECRET,
    /** A secret key, or an embed token, which sees its own report only. */
    VIEW
}
