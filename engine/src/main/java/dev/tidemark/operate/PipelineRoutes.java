package dev.tidemark.operate;

import dev.tidemark.base.TenantId;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.process.ProcessorStatus;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** Shows how far events are on their way, so that a sender can wait until what it sent is visible to queries. */
public final class PipelineRoutes implements Routes {
    private final Supplier<List<ProcessorStatus>> status;
    private final ToIntFunction<TenantId> partitionOf;

    public PipelineRoutes(Supplier<List<ProcessorStatus>> status, ToIntFunction<TenantId> partitionOf) {
        this.status = status;
        this.partitionOf = partitionOf;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/pipeline", Access.SECRET, this::pipeline);
    }

    private Reply pipeline(Call call) {
        List<Map<String, Object>> partitions = new ArrayList<>();
        for (ProcessorStatus one : status.get()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("partition", one.partition());
            shown.put("end_offset", one.journalEnd());
            shown.put("stored_offset", one.storedThrough());
            shown.put("lag_events", one.lagEvents());
            shown.put("lag_seconds", one.lagSeconds());
            partitions.add(shown);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("tenant", call.tenant().value());
        body.put("tenant_partition", partitionOf.applyAsInt(call.tenant()));
        body.put("partitions", partitions);
        return Reply.json(200, body).withHeader("Cache-Control", "no-store");
    }
}
