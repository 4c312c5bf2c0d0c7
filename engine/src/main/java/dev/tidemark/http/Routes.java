package dev.tidemark.http;

/** The routes of one stage. */
public interface Routes {
    /** Adds them to the table; called once, at start. */
    void register(RouteTable table);
}
