package dev.tidemark.account.quota;

/** A named set of limits, which many tenants can have. */
public record Plan(String id, Limits limits) {
    /** The plan of whoever has been given no other. It is always there; unless it is defined otherwise, it limits nothing. */
    public static final String DEFAULT = "default";
}
