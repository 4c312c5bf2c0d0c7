package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the claims of a bearer token, whose signature is right, add up to. */
final class BearerClaims {
    private static final int MAX_SUBJECT = 255;

    private BearerClaims() {}

    /** Empty when time, audience or role are not right. */
    static Optional<Credential.Bearer> judge(JsonNode claims, TokenIssuer issuer, Instant now, Duration leeway) {
        JsonNode subject = claims.path("sub");
        Optional<Instant> expires = TokenTimes.of(claims.path("exp"));
        if (expires.isEmpty()
                || !now.isBefore(expires.get().plus(leeway))
                || TokenTimes.isWrongOrAfter(claims.path("nbf"), now.plus(leeway))
                || TokenTimes.isWrongOrAfter(claims.path("iat"), now.plus(leeway))
                || subject.asText("").length() > MAX_SUBJECT
                || !heard(claims.path("aud"), issuer)) {
            return Optional.empty();
        }
        Instant expiresAt = expires.get();
        return role(claims.path(issuer.roleClaim()))
                .map(role -> role.compareTo(issuer.highestRole()) < 0 ? issuer.highestRole() : role)
                .map(role ->
                        new Credential.Bearer(issuer.tenant(), issuer.issuer(), subject.asText(""), role, expiresAt));
    }

    private static boolean heard(JsonNode audience, TokenIssuer issuer) {
        String wanted = issuer.audience();
        if (wanted == null) {
            return true;
        }
        if (audience.isArray()) {
            for (JsonNode each : audience) {
                if (each.isTextual() && each.textValue().equals(wanted)) {
                    return true;
                }
            }
            return false;
        }
        return audience.isTextual() && audience.textValue().equals(wanted);
    }

    /** The one that is named, or the highest of several. */
    private static Optional<Role> role(JsonNode named) {
        List<String> names = new ArrayList<>();
        if (named.isTextual()) {
            names.add(named.textValue());
        } else if (named.isArray()) {
            named.forEach(each -> names.add(each.asText("")));
        }
        return Arrays.stream(Role.values())
                .filter(role -> names.contains(role.wireName()))
                .findFirst();
    }
}
