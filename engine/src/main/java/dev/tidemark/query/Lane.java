package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A number of places that tenants take in turn: where several wait, a free place goes to the one whose last turn is longest
 * ago, and to nobody who has its share already. Never blocks; thread-safe.
 */
final class Lane {
    private final int places;
    private final int placesOfTenant;
    private final int waitingOfTenant;
    private final Map<TenantId, Integer> taken = new HashMap<>();
    private final LinkedHashMap<TenantId, ArrayDeque<CompletableFuture<Void>>> lines = new LinkedHashMap<>();
    private int free;

    /**
     * All places are free.
     *
     * @param placesOfTenant how many one tenant can have at a time
     * @param waitingOfTenant how many of one tenant can wait
     */
    Lane(int places, int placesOfTenant, int waitingOfTenant) {
        this.places = places;
        this.placesOfTenant = placesOfTenant;
        this.waitingOfTenant = waitingOfTenant;
        this.free = places;
    }

    /** Asks for a place, which is there once the future is complete. Fails with {@code OVERLOADED} when too many wait. */
    synchronized CompletableFuture<Void> enter(TenantId tenant) {
        ArrayDeque<CompletableFuture<Void>> line = lines.computeIfAbsent(tenant, _ -> new ArrayDeque<>());
        CompletableFuture<Void> turn = new CompletableFuture<>();
        line.add(turn);
        admit();
        if (!turn.isDone() && line.size() > waitingOfTenant) {
            line.removeLast();
            throw new TidemarkException(ErrorCode.OVERLOADED, "too many of your questions wait to be answered");
        }
        return turn;
    }

    /** Gives a place back. */
    synchronized void leave(TenantId tenant) {
        taken.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
        free++;
        admit();
    }

    /** Stops waiting; a place that came meanwhile is given back. */
    synchronized void giveUp(TenantId tenant, CompletableFuture<Void> turn) {
        if (turn.isDone()) {
            leave(tenant);
            return;
        }
        ArrayDeque<CompletableFuture<Void>> line = lines.get(tenant);
        if (line != null) {
            line.remove(turn);
            if (line.isEmpty()) {
                lines.remove(tenant);
            }
        }
    }

    /** How many places are taken. */
    synchronized int taken() {
        return places - free;
    }

    /** How many wait. */
    synchronized int waiting() {
        return lines.values().stream().mapToInt(ArrayDeque::size).sum();
    }

    private void admit() {
        boolean found = true;
        while (free > 0 && found) {
            found = false;
            for (Map.Entry<TenantId, ArrayDeque<CompletableFuture<Void>>> entry : lines.entrySet()) {
                TenantId tenant = entry.getKey();
                if (taken.getOrDefault(tenant, 0) < placesOfTenant) {
                    admitFirst(tenant, entry.getValue());
                    found = true;
                    break;
                }
            }
        }
    }

    private void admitFirst(TenantId tenant, ArrayDeque<CompletableFuture<Void>> line) {
        lines.remove(tenant);
        CompletableFuture<Void> turn = line.remove();
        if (!line.isEmpty()) {
            lines.put(tenant, line);
        }
        free--;
        taken.merge(tenant, 1, Integer::sum);
        turn.complete(null);
    }
}
