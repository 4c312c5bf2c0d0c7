package dev.tidemark.base;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A number of places that owners, which are tenants mostly, take in turn: where several wait, a free place goes to the one whose last turn is
 * longest ago, and to nobody who has its share already. Never blocks; thread-safe.
 *
 * @param <K> what tells owners apart
 */
public final class Lane<K> {
    private final int places;
    private final int placesOfOwner;
    private final int waitingOfOwner;
    private final String full;
    private final Map<K, Integer> taken = new HashMap<>();
    private final LinkedHashMap<K, ArrayDeque<CompletableFuture<Void>>> lines = new LinkedHashMap<>();
    private int free;

    /** How many of a number of places one owner gets. */
    public static int shareOf(int places) {
        return Math.max(1, places * 3 / 4);
    }

    /**
     * All places are free.
     *
     * @param placesOfOwner how many one owner can have at a time
     * @param waitingOfOwner how many of one owner can wait
     * @param full what one is told past that
     */
    public Lane(int places, int placesOfOwner, int waitingOfOwner, String full) {
        this.full = full;
        this.places = places;
        this.placesOfOwner = placesOfOwner;
        this.waitingOfOwner = waitingOfOwner;
        this.free = places;
    }

    /** Asks for a place, which is there once the future is complete. Fails with {@code OVERLOADED} when too many wait. */
    public synchronized CompletableFuture<Void> enter(K owner) {
        ArrayDeque<CompletableFuture<Void>> line = lines.computeIfAbsent(owner, _ -> new ArrayDeque<>());
        CompletableFuture<Void> turn = new CompletableFuture<>();
        line.add(turn);
        admit();
        if (!turn.isDone() && line.size() > waitingOfOwner) {
            line.removeLast();
            throw new TidemarkException(ErrorCode.OVERLOADED, full);
        }
        return turn;
    }

    /** Gives a place back. */
    public synchronized void leave(K owner) {
        taken.computeIfPresent(owner, (_, count) -> count == 1 ? null : count - 1);
        free++;
        admit();
    }

    /** Stops waiting; a place that came meanwhile is given back. */
    public synchronized void giveUp(K owner, CompletableFuture<Void> turn) {
        if (turn.isDone()) {
            leave(owner);
            return;
        }
        ArrayDeque<CompletableFuture<Void>> line = lines.get(owner);
        if (line != null) {
            line.remove(turn);
            if (line.isEmpty()) {
                lines.remove(owner);
            }
        }
    }

    /** How many places are taken. */
    public synchronized int taken() {
        return places - free;
    }

    /** How many wait. */
    public synchronized int waiting() {
        return lines.values().stream().mapToInt(ArrayDeque::size).sum();
    }

    private void admit() {
        boolean found = true;
        while (free > 0 && found) {
            found = false;
            for (Map.Entry<K, ArrayDeque<CompletableFuture<Void>>> entry : lines.entrySet()) {
                K owner = entry.getKey();
                if (taken.getOrDefault(owner, 0) < placesOfOwner) {
                    admitFirst(owner, entry.getValue());
                    found = true;
                    break;
                }
            }
        }
    }

    private void admitFirst(K owner, ArrayDeque<CompletableFuture<Void>> line) {
        lines.remove(owner);
        CompletableFuture<Void> turn = line.remove();
        if (!line.isEmpty()) {
            lines.put(owner, line);
        }
        free--;
        taken.merge(owner, 1, Integer::sum);
        turn.complete(null);
    }
}
