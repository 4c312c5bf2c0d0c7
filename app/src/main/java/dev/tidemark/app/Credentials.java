package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.Accounts;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.govern.AuditKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The keys of the first tenant, made at the first start and kept in a file that only this user may read, so that every later start
 * can print them.
 */
record Credentials(TenantId tenant, Secret writeKey, Secret secretKey) {
    private static final String FILE = "credentials.json";

    /** The keys of the tenant, which is made when it is missing; new ones when those of the file were revoked. */
    static Credentials ensure(DataDirectory data, TenantId tenant, Accounts accounts, TenantDirectory directory) {
        Path file = data.resolve(FILE);
        ObjectNode all = read(file);
        JsonNode own = all.path("tenants").path(tenant.value());
        accounts.ensureTenant(tenant);
        String write = own.path("write_key").asText("");
        String secret = own.path("secret_key").asText("");
        if (!write.isEmpty()
                && !secret.isEmpty()
                && directory.authenticate(write).isPresent()
                && directory.authenticate(secret).isPresent()) {
            return new Credentials(tenant, new Secret(write), new Secret(secret));
        }
        Credentials made = new Credentials(
                tenant,
                accounts.createKey(tenant, AccessKey.Kind.WRITE, "first write key", List.of())
                        .plain(),
                accounts.createKey(tenant, AccessKey.Kind.SECRET, "first secret key", List.of())
                        .plain());
        all.withObjectProperty("tenants")
                .putObject(tenant.value())
                .put("write_key", made.writeKey.reveal())
                .put("secret_key", made.secretKey.reveal());
        DataDirectory.writePrivate(file, all);
        return made;
    }

    /** The key of the hashes that masking makes: one for the life of the data directory. */
    static Secret maskingKey(DataDirectory data, RandomGenerator random) {
        Path file = data.resolve(FILE);
        ObjectNode all = read(file);
        String known = all.path("masking_key").asText("");
        if (!known.isEmpty()) {
            return new Secret(known);
        }
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String made = HexFormat.of().formatHex(bytes);
        all.put("masking_key", made);
        DataDirectory.writePrivate(file, all);
        return new Secret(made);
    }

    /** The keys that sign the heads of audit logs: one pair for the life of the data directory. */
    static AuditKey auditKey(DataDirectory data, SecureRandom random) {
        Path file = data.resolve(FILE);
        ObjectNode all = read(file);
        String secret = all.path("audit_key").asText("");
        String open = all.path("audit_public_key").asText("");
        if (!secret.isEmpty() && !open.isEmpty()) {
            return AuditKey.of(new Secret(secret), open);
        }
        AuditKey made = AuditKey.make(random);
        all.put("audit_key", made.secretText().reveal()).put("audit_public_key", made.publicText());
        DataDirectory.writePrivate(file, all);
        return made;
    }

    private static ObjectNode read(Path file) {
        Optional<JsonNode> known = DataDirectory.read(file);
        return known.isPresent() && known.get() instanceof ObjectNode object
                ? object
                : JsonNodeFactory.instance.objectNode();
    }
}
