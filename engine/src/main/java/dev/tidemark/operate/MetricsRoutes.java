package dev.tidemark.operate;

import dev.tidemark.http.Access;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpMethod;

/**
 * All counters and latencies, in the text format of Prometheus. They are sums over all tenants, and name the tenants that come near a
 * limit, so they are for those who run the server.
 */
public final class MetricsRoutes implements Routes {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;

    public MetricsRoutes(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(
                HttpMethod.GET, "/metrics", Access.METRICS, _ -> Reply.text(200, CONTENT_TYPE, registry.scrape()));
    }
}
