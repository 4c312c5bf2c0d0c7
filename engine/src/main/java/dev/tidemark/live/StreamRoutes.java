package dev.tidemark.live;

import dev.tidemark.account.Credential;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Authentication;
import dev.tidemark.http.Call;
import dev.tidemark.http.EventSink;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.report.Overrides;
import dev.tidemark.report.Reach;
import dev.tidemark.report.ReportId;
import java.util.Optional;

/**
 * Reports that move, by server-sent events and by WebSocket. What a reader may see is judged again and again while the stream is
 * open, by the credential that opened it.
 */
public final class StreamRoutes implements Routes {
    private final ReportStreams streams;
    private final Authentication authentication;
    private final TimeSource time;

    public StreamRoutes(ReportStreams streams, Authentication authentication, TimeSource time) {
        this.streams = streams;
        this.authentication = authentication;
        this.time = time;
    }

    @Override
    public void register(RouteTable table) {
        table.events("/api/v1/reports/:id/stream", Access.VIEW, this::open);
        table.socket("/api/v1/reports/:id/ws", Access.VIEW, this::open);
    }

    private void open(Call call, EventSink sink) {
        Overrides overrides = Overrides.of(call);
        StreamKey key = new StreamKey(
                call.tenant(),
                new ReportId(call.pathParameter("id")),
                overrides,
                Reach.of(call.requiredCredential()).sharedBy(overrides));
        Optional<String> lastSeen = call.header("Last-Event-ID").or(() -> call.queryParameter("last_event_id"));
        streams.open(key, sink, lastSeen, () -> revoked(call, key));
    }

    /** Why the credential of a stream is no longer good; empty while it is. */
    private Optional<String> revoked(Call call, StreamKey key) {
        try {
            return authentication.again(call, Access.VIEW).tenant().equals(key.tenant())
                    ? Optional.empty()
                    : Optional.of("revoked");
        } catch (TidemarkException failure) {
            boolean over = call.credential() instanceof Credential.EmbedToken token
                    && !time.instant().isBefore(token.expiresAt());
            return Optional.of(failure.code() == ErrorCode.UNAUTHENTICATED && over ? "token_expired" : "revoked");
        }
    }
}
