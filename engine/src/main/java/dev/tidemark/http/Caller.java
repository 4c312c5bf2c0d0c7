package dev.tidemark.http;

import dev.tidemark.account.UserId;
import dev.tidemark.base.TenantId;
import org.jspecify.annotations.Nullable;

/** Who is calling, as far as that does not depend on a tenant. */
public sealed interface Caller {
    /** Whether the caller administers the server. */
    boolean administrator();

    /**
     * A person with a session.
     *
     * @param sessionId names the session and does not open it
     * @param csrfToken that must come with everything that changes something
     * @param tenant that the person works in; null while none is chosen
     */
    record SignedIn(
            UserId user,
            boolean administrator,
            String sessionId,
            String csrfToken,
            @Nullable TenantId tenant) implements Caller {}

    /** Whoever may read the server's data directory. */
    record Operator() implements Caller {
        @Override
        public boolean administrator() {
            return true;
        }
    }
}
