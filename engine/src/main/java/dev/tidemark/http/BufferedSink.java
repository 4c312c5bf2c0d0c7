package dev.tidemark.http;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What both transports of a stream share: events are written on the connection's event loop, a bounded number waits for it. */
abstract class BufferedSink implements EventSink {
    /** How much may wait in the connection before the reader counts as slow. */
    static final int MAX_UNREAD_BYTES = 64 << 10;

    private static final int MAX_WAITING_EVENTS = 64;

    private final Context eventLoop;
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Runnable> closeActions = new ArrayList<>();
    private volatile boolean full;
    private volatile boolean refused;
    private volatile boolean over;
    private volatile @Nullable Runnable readyAction;
    private volatile @Nullable MessageHandler messageAction;

    BufferedSink(Context eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** On the event loop, as all that follow. */
    abstract boolean isFull();

    abstract void write(StreamEvent event);

    abstract void finish();

    @Override
    public final boolean send(StreamEvent event) {
        if (over) {
            return false;
        }
        if (full || waiting.get() >= MAX_WAITING_EVENTS) {
            refused = true;
            eventLoop.runOnContext(_ -> drainedUnlessFull());
            return false;
        }
        waiting.incrementAndGet();
        eventLoop.runOnContext(_ -> {
            waiting.decrementAndGet();
            if (!over) {
                write(event);
                full = isFull();
            }
        });
        return true;
    }

    @Override
    public final void end(StreamEvent last) {
        eventLoop.runOnContext(_ -> {
            if (!over) {
                write(last);
                finish();
                closed();
            }
        });
    }

    @Override
    public final void onClose(Runnable action) {
        synchronized (closeActions) {
            if (!over) {
                closeActions.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public final void onReady(Runnable action) {
        readyAction = action;
    }

    @Override
    public final void onMessage(MessageHandler action) {
        messageAction = action;
    }

    final void received(String text) {
        MessageHandler action = messageAction;
        if (action != null) {
            action.handle(text);
        }
    }

    private void drainedUnlessFull() {
        if (!isFull()) {
            drained();
        }
    }

    final void drained() {
        full = false;
        Runnable action = readyAction;
        if (refused && action != null) {
            refused = false;
            action.run();
        }
    }

    final void closed() {
        List<Runnable> actions;
        synchronized (closeActions) {
            if (over) {
                return;
            }
            over = true;
            actions = List.copyOf(closeActions);
            closeActions.clear();
        }
        actions.forEach(Runnable::run);
    }
}
