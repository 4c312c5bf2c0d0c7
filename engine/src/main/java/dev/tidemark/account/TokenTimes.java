package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/** The times in the claims of a token: seconds since 1970, which may have a fraction. */
public final class TokenTimes {
    private static final double LAST_SECOND = 253_402_300_799d;

    private TokenTimes() {}

    /** The moment, to the whole second before; empty for what is no number, or none of a year from 1970 to 9999. */
    public static Optional<Instant> of(JsonNode claim) {
        if (!claim.isNumber()) {
            return Optional.empty();
        }
        double seconds = claim.doubleValue();
        return seconds >= 0 && seconds <= LAST_SECOND
                ? Optional.of(Instant.ofEpochSecond((long) Math.floor(seconds)))
                : Optional.empty();
    }

    /** Whether a claim that need not be there is, and is no time or one after a moment. */
    static boolean isWrongOrAfter(JsonNode claim, Instant moment) {
        return !claim.isMissingNode()
                && of(claim).filter(at -> !at.isAfter(moment)).isEmpty();
    }
}
