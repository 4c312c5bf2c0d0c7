package dev.tidemark.operate;

import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells whether the process lives, and whether every part of it works. */
public final class HealthRoutes implements Routes {
    private final List<ReadinessPart> parts;

    public HealthRoutes(List<ReadinessPart> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/health/live", Access.PUBLIC, _ -> Reply.json(200, Map.of("status", "live")));
        table.blocking(HttpMethod.GET, "/health/ready", Access.PUBLIC, this::ready);
    }

    private Reply ready(Call call) {
        Map<String, Object> states = new LinkedHashMap<>();
        boolean all = true;
        for (ReadinessPart part : parts) {
            PartState state = stateOf(part);
            all &= !(state instanceof PartState.NotReady);
            states.put(part.name(), shown(state));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", all ? "ready" : "not_ready");
        body.put("parts", states);
        Reply reply = Reply.json(all ? 200 : 503, body).withHeader("Cache-Control", "no-store");
        return all ? reply : reply.withHeader("Retry-After", "1");
    }

    private static PartState stateOf(ReadinessPart part) {
        try {
            return part.state().get();
        } catch (TidemarkException failure) {
            return new PartState.NotReady(failure.detail());
        }
    }

    private static Map<String, String> shown(PartState state) {
        return switch (state) {
            case PartState.Ready _ -> Map.of("status", "ready");
            case PartState.Warning(String text) -> Map.of("status", "ready", "warning", text);
            case PartState.NotReady(String reason) -> Map.of("status", "not_ready", "reason", reason);
        };
    }
}
