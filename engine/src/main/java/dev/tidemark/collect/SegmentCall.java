package dev.tidemark.collect;

import org.jspecify.annotations.Nullable;

/** The members of a Segment call that decide what event it becomes. */
final class SegmentCall {
    @Nullable
    String type;

    @Nullable
    String event;

    @Nullable
    String name;

    @Nullable
    String category;

    @Nullable
    String groupId;

    @Nullable
    String previousId;
}
