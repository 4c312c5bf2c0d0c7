package dev.tidemark.operate;

import dev.tidemark.account.Permission;
import dev.tidemark.base.TenantId;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.process.ProcessorStatus;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Shows how far behind the store is in the tenant's partition, so that a sender can wait until what it sent is visible to queries:
 * it is when the oldest entry that waits was received later. Offsets stay inside, for they count other tenants' events too.
 */
public final class PipelineRoutes implements Routes {
    private final Supplier<List<ProcessorStatus>> status;
    private final ToIntFunction<TenantId> partitionOf;

    public PipelineRoutes(Supplier<List<ProcessorStatus>> status, ToIntFunction<TenantId> partitionOf) {
        this.status = status;
        this.partitionOf = partitionOf;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/pipeline", Access.needs(Permission.STATUS_READ), this::pipeline);
    }

    private Reply pipeline(Call call) {
        ProcessorStatus own = status.get().get(partitionOf.applyAsInt(call.tenant()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("tenant", call.tenant().value());
        body.put("partition", own.partition());
        body.put("lag_events", own.lagEvents());
        body.put("lag_seconds", own.lagSeconds());
        return Reply.json(200, body).withHeader("Cache-Control", "no-store");
    }
}
