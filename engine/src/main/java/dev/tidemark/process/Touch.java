package dev.tidemark.process;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.TouchedTimes;

/** The highest offset of one tenant's rows, and the times of their events. */
record Touch(TenantId tenant, long offset, TouchedTimes times) {}
