package dev.tidemark.signin;

import dev.tidemark.http.Call;
import dev.tidemark.http.PublicAddress;

/**
 * Where a session began, as its owner is shown it.
 *
 * @param address the network address
 * @param agent what the browser says it is, cut
 */
record Arrival(String address, String agent) {
    private static final int MAX_AGENT = 300;

    static Arrival of(Call call, PublicAddress server) {
        String agent = call.header("User-Agent").orElse("");
        return new Arrival(server.client(call), agent.length() > MAX_AGENT ? agent.substring(0, MAX_AGENT) : agent);
    }
}
