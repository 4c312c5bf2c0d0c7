package dev.tidemark.operate;

import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
            Optional<String> trouble = part.trouble().get();
            all &= trouble.isEmpty();
            states.put(
                    part.name(),
                    trouble.<Map<String, String>>map(reason -> Map.of("status", "not_ready", "reason", reason))
                            .orElse(Map.of("status", "ready")));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", all ? "ready" : "not_ready");
        body.put("parts", states);
        Reply reply = Reply.json(all ? 200 : 503, body).withHeader("Cache-Control", "no-store");
        return all ? reply : reply.withHeader("Retry-After", "1");
    }
}
