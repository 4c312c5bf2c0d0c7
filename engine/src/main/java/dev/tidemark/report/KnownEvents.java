package dev.tidemark.report;

import dev.tidemark.base.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a tenant sends. */
@FunctionalInterface
public interface KnownEvents {

    /** Those of the event types of which there are events, each with the paths of the properties that they have. */
    Map<String, Set<String>> among(TenantId tenant, List<String> eventTypes);
}
