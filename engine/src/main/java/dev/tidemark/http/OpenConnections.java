package dev.tidemark.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many connections each network address has open, over all listeners. Thread-safe. */
final class OpenConnections {
    private final int most;
    private final boolean loopback;
    private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();

    OpenConnections(HttpLimits limits) {
        this.most = limits.connectionsOfAddress();
        this.loopback = limits.loopback();
    }

    /** Takes a place for a connection; false where the address has as many as it may. */
    boolean enter(String address) {
        if (isFree(address)) {
            return true;
        }
        boolean[] entered = new boolean[1];
        byAddress.compute(address, (_, open) -> {
            int now = open == null ? 0 : open;
            entered[0] = now < most;
            return entered[0] ? now + 1 : open;
        });
        return entered[0];
    }

    /** Gives a place back that was taken. */
    void leave(String address) {
        if (!isFree(address)) {
            byAddress.computeIfPresent(address, (_, open) -> open > 1 ? open - 1 : null);
        }
    }

    /** Addresses with places taken. */
    int addresses() {
        return byAddress.size();
    }

    private boolean isFree(String address) {
        return most == 0
                || (!loopback
                        && (address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1") || address.equals("::1")));
    }
}
