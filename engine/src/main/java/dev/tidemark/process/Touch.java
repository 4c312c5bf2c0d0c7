package dev.tidemark.process;

import dev.tidemark.base.TenantId;

/** The highest offset and the closed range of event times of one tenant's rows. */
record Touch(TenantId tenant, long offset, long minTimestampMillis, long maxTimestampMillis) {

    /** Of both together. */
    Touch with(Touch other) {
        return new Touch(
                tenant,
                Math.max(offset, other.offset),
                Math.min(minTimestampMillis, other.minTimestampMillis),
                Math.max(maxTimestampMillis, other.maxTimestampMillis));
    }
}
