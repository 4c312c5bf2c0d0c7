package dev.tidemark.govern;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.AlertSettings;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.base.AlertKind;
import dev.tidemark.base.Alerts;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Rounds;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps alerts and tells the webhooks of their tenants when one begins and when it ends. What is raised is remembered by one thread, a
 * moment later; a message that is not taken is tried again, later each time, for most of a day. Thread-safe.
 */
public final class Alerting implements Alerts, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_WAITING = 10_000;
    private static final int MESSAGES_AT_ONCE = 500;
    private static final int MOST_ATTEMPTS = 12;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(4);
    private static final Duration BETWEEN_TESTS = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long WATCH_MILLIS = 60_000;

    private final AlertStore store;
    private final TenantDirectory tenants;
    private final Webhook webhook;
    private final TimeSource time;
    private final UuidV7 ids;
    private final MeterRegistry registry;
    private final Map<Alert.Key, Instant> up = new ConcurrentHashMap<>();
    private final Map<TenantId, Instant> tests = new HashMap<>();
    private final LinkedBlockingQueue<Turn> turns = new LinkedBlockingQueue<>(MAX_WAITING);
    private final List<Runnable> watches = new ArrayList<>();
    private final ExecutorService messengers = Executors.newVirtualThreadPerTaskExecutor();
    private long watchedAt;
    private final Rounds rounds;

    /** An alert that begins or, without details, ends. */
    private record Turn(Alert.Key key, @Nullable ObjectNode details, Instant at) {}

    /** Takes over what was up when the server ended. */
    public Alerting(
            MetadataDatabase database,
            TenantDirectory tenants,
            Webhook webhook,
            TimeSource time,
            UuidV7 ids,
            MeterRegistry registry) {
        this.store = new AlertStore(database);
        this.tenants = tenants;
        this.webhook = webhook;
        this.time = time;
        this.ids = ids;
        this.registry = registry;
        this.watchedAt = time.millis();
        this.rounds = new Rounds("alerts", this::roundAndMore, LOOK, time);
        store.up().forEach(key -> up.put(key, time.instant()));
        registry.gaugeMapSize("tidemark.alerts.up", List.of(), up);
    }

    /** Names something that looks every minute whether what was raised is over; before the start. */
    public void watch(Runnable look) {
        watches.add(look);
    }

    /** Once. */
    public void start() {
        rounds.start();
    }

    @Override
    public void raise(TenantId tenant, AlertKind kind, String subject, Map<String, ?> details) {
        Alert.Key key = new Alert.Key(tenant, kind, subject);
        if (up.containsKey(key)) {
            return;
        }
        ObjectNode told = JSON.valueToTree(new LinkedHashMap<String, Object>(details));
        Object _ = up.computeIfAbsent(key, _ -> {
            Instant now = time.instant();
            return turns.offer(new Turn(key, told, now)) ? now : null;
        });
    }

    @Override
    public void clear(TenantId tenant, AlertKind kind, String subject) {
        Object _ = up.computeIfPresent(
                new Alert.Key(tenant, kind, subject),
                (key, since) -> turns.offer(new Turn(key, null, time.instant())) ? null : since);
    }

    List<Alert> list(TenantId tenant, int limit) {
        return store.list(tenant, limit);
    }

    List<AlertMessage> messages(Alert alert) {
        return store.messages(alert.tenant(), alert.id());
    }

    /** Sends something to try the tenant's webhook; empty where it has none. {@code TOO_MANY_REQUESTS} right after another try. */
    Optional<Webhook.Attempt> test(TenantId tenant, ObjectNode message) {
        Instant now = time.instant();
        synchronized (tests) {
            Instant last = tests.get(tenant);
            if (last != null && now.isBefore(last.plus(BETWEEN_TESTS))) {
                throw new TidemarkException(
                        ErrorCode.TOO_MANY_REQUESTS, "one test every " + BETWEEN_TESTS.toSeconds() + " seconds");
            }
            tests.put(tenant, now);
        }
        AlertSettings settings = tenants.settings(tenant).governance().alerts();
        return Optional.ofNullable(settings.webhookUrl())
                .map(url -> webhook.post(url, settings, ids.next().toString(), message));
    }

    /** Remembers what was raised and cleared, looks for what is over, and sends what is due. */
    void round() {
        rememberAll();
        if (time.millis() - watchedAt >= WATCH_MILLIS) {
            watchedAt = time.millis();
            watches.forEach(Runnable::run);
        }
        Map<TenantId, AlertMessage> one = new LinkedHashMap<>();
        store.due(time.instant(), MESSAGES_AT_ONCE)
                .forEach(message -> one.putIfAbsent(message.alert().tenant(), message));
        List<Future<?>> sent = new ArrayList<>();
        one.values().forEach(message -> sent.add(messengers.submit(() -> send(message))));
        for (Future<?> each : sent) {
            try {
                Object _ = each.get();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException failure) {
                LOG.atError().setCause(failure.getCause()).log("a message about an alert could not be sent");
            }
        }
    }

    private boolean roundAndMore() {
        round();
        return !turns.isEmpty();
    }

    private synchronized void rememberAll() {
        for (Turn turn = turns.peek(); turn != null; turn = turns.peek()) {
            remember(turn);
            Turn _ = turns.remove();
        }
    }

    private void remember(Turn turn) {
        Alert.Key key = turn.key();
        Optional<String> message = Optional.ofNullable(
                        tenants.settings(key.tenant()).governance().alerts().webhookUrl())
                .map(_ -> ids.next().toString());
        ObjectNode details = turn.details();
        if (details == null) {
            store.clear(key, turn.at(), message);
        } else {
            store.raise(
                    new Alert(ids.next().toString(), key.tenant(), key.kind(), key.subject(), details, turn.at(), null),
                    message);
            registry.counter("tidemark.alerts.raised", "kind", key.kind().wireName())
                    .increment();
        }
        LOG.atWarn()
                .addKeyValue("tenant", key.tenant())
                .addKeyValue("kind", key.kind().wireName())
                .addKeyValue("subject", key.subject())
                .addKeyValue("details", details)
                .log(details == null ? "an alert is over" : "an alert was raised");
    }

    private void send(AlertMessage message) {
        AlertSettings settings =
                tenants.settings(message.alert().tenant()).governance().alerts();
        URI url = settings.webhookUrl();
        Webhook.Attempt attempt = url == null
                ? new Webhook.Attempt.Failed("there is no webhook any more")
                : webhook.post(url, settings, message.id(), message.body());
        AlertMessage after = after(message, attempt, url == null);
        store.replace(after);
        registry.counter("tidemark.alerts.messages", "outcome", after.state().wireName())
                .increment();
        if (attempt instanceof Webhook.Attempt.Failed(String problem)) {
            LOG.atWarn()
                    .addKeyValue("tenant", message.alert().tenant())
                    .addKeyValue("message", message.id())
                    .addKeyValue("attempts", after.attempts())
                    .addKeyValue("why", problem)
                    .log("a message about an alert was not taken");
        }
    }

    private AlertMessage after(AlertMessage message, Webhook.Attempt attempt, boolean last) {
        int attempts = message.attempts() + 1;
        return switch (attempt) {
            case Webhook.Attempt.Taken _ ->
                new AlertMessage(
                        message.id(),
                        message.alert(),
                        message.event(),
                        AlertMessage.State.DELIVERED,
                        attempts,
                        time.instant(),
                        null);
            case Webhook.Attempt.Failed(String problem) ->
                new AlertMessage(
                        message.id(),
                        message.alert(),
                        message.event(),
                        last || attempts >= MOST_ATTEMPTS ? AlertMessage.State.GIVEN_UP : AlertMessage.State.WAITING,
                        attempts,
                        time.instant().plus(pause(attempts)),
                        problem);
        };
    }

    /** 10 s, 30 s, 90 s, ... up to 4 hours. */
    private static Duration pause(int attempts) {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; attempt < attempts && pause.compareTo(LONGEST_PAUSE) < 0; attempt++) {
            pause = pause.multipliedBy(3);
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** Waits for the messages under way, and remembers what was raised. */
    @Override
    public void close() {
        rounds.close();
        try {
            rememberAll();
        } catch (TidemarkException failure) {
            LOG.atWarn().setCause(failure).log("alerts could not be kept");
        } finally {
            messengers.shutdownNow();
        }
    }
}
