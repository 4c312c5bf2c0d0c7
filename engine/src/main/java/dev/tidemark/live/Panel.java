package dev.tidemark.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.live.StandingQuery.Standing;
import dev.tidemark.query.Question;
import dev.tidemark.report.ReportReading;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.Widget;
import dev.tidemark.report.WidgetAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One widget of a watched report. Its numbers come from a standing query where its question allows and there is room, else from
 * asking the store again. Not thread-safe.
 */
final class Panel {
    private final ReportReading reading;
    private final Widget widget;
    private final StandingQueries standing;
    private final ReportRunner runner;
    private final StandingQuery.Holder holder;
    private final Asked asked;

    private Instant resolvedUntil = Instant.MIN;
    private @Nullable StandingQuery query;
    private String key = "";

    private @Nullable ObjectNode shown;
    private @Nullable Object shownFrom;
    private String shownLive = "";
    private long position = -1;

    /**
     * How a widget looks.
     *
     * @param json the same object as long as nothing changes; not to be modified
     * @param since when the numbers were right
     * @param position of the journal up to which all events are in it
     * @param receipts of events that are new in it and came by way of the store
     */
    record Look(ObjectNode json, Instant since, boolean stale, long position, Receipts receipts) {}

    Panel(
            ReportReading reading,
            Widget widget,
            StandingQueries standing,
            ReportRunner runner,
            StandingQuery.Holder holder,
            Duration refreshEvery) {
        this.reading = reading;
        this.widget = widget;
        this.standing = standing;
        this.runner = runner;
        this.holder = holder;
        this.asked = new Asked(refreshEvery);
    }

    Widget widget() {
        return widget;
    }

    /** The answer of the store, for when there is none in memory. */
    Asked asked() {
        return asked;
    }

    Optional<StandingQuery> query() {
        return Optional.ofNullable(query);
    }

    /** Until when its question is what it is. */
    Instant resolvedUntil() {
        return resolvedUntil;
    }

    /** Finds out what it asks now, where that may have changed. */
    void resolve(Instant now) {
        boolean isMoved = query != null && !query.key().equals(key);
        if (now.isBefore(resolvedUntil) && !isMoved) {
            return;
        }
        resolvedUntil = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        try {
            Question question = runner.question(reading, widget, now);
            String newKey = question.cacheKey();
            if (!newKey.equals(key)) {
                asked.outdate();
            }
            follow(question, newKey);
            key = newKey;
            cut(question.range().end(), now);
            cut(question.resolvedUntil(), now);
        } catch (TidemarkException _) {
            asked.outdate();
            close();
        }
    }

    private void follow(Question question, String newKey) {
        if (!standing.isFor(question)) {
            close();
        } else if (query == null) {
            query = standing.hold(reading.tenant(), question, newKey, holder);
        } else {
            query = standing.move(query, key, question, newKey, holder);
        }
    }

    private void cut(@Nullable Instant end, Instant now) {
        if (end != null && end.isAfter(now) && end.isBefore(resolvedUntil)) {
            resolvedUntil = end;
        }
    }

    /** Begins anew where only numbers of after a moment are to be shown. */
    void renew(Instant moment) {
        if (query != null) {
            standing.renew(query, moment);
        }
    }

    /** Whether it has numbers in memory now. */
    boolean isStanding(long nowNanos) {
        return query != null && query.isShowable(nowNanos);
    }

    /** How it looks now. */
    Look look(Instant now, long nowNanos) {
        asked.takeNews();
        Optional<Standing> kept = query == null ? Optional.empty() : query.current(nowNanos);
        WidgetAnswer answer = asked.answer();
        if (kept.isPresent()) {
            asked.drop();
            position = kept.get().position();
            ObjectNode json = show(kept.get().data(), "standing", "");
            return new Look(json, now, false, position, Receipts.NONE);
        }
        if (answer == null) {
            ObjectNode json = shown == null ? WidgetAnswer.json(widget, JsonNodeFactory.instance.objectNode()) : shown;
            return new Look(json, now, true, position, Receipts.NONE);
        }
        position = asked.position();
        ObjectNode json = show(answer, "refresh", reason());
        return new Look(json, answer.askedAt(), answer.isStale(), position, asked.takeBrought());
    }

    private ObjectNode show(Object from, String mode, String reason) {
        String live = mode + reason + (reason.isEmpty() ? "" : asked.everySeconds());
        ObjectNode json = shown;
        if (json != null && from == shownFrom && live.equals(shownLive)) {
            return json;
        }
        json = from instanceof WidgetAnswer answer
                ? JsonNodeFactory.instance.objectNode().setAll(answer.json())
                : WidgetAnswer.json(widget, (ObjectNode) from);
        ObjectNode how = json.putObject("live").put("mode", mode);
        if (!reason.isEmpty()) {
            how.put("every_seconds", asked.everySeconds()).put("reason", reason);
        }
        shown = json;
        shownFrom = from;
        shownLive = live;
        return json;
    }

    private String reason() {
        if (query == null) {
            return "not_incremental";
        }
        return switch (query.absence()) {
            case STARTING -> "starting";
            case TOO_LARGE -> "too_large";
        };
    }

    /** Lets its standing query go. */
    void close() {
        if (query != null) {
            standing.release(query, holder);
            query = null;
        }
    }
}
