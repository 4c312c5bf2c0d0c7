package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");

    @TempDir
    Path directory;

    private final SettableTime time = new SettableTime("2026-03-01T12:34:56.789Z");
    private MetadataDatabase database;
    private AccountStore store;
    private SnapshotDirectory accountsInMemory;
    private Accounts accounts;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        store = new SqliteAccountStore(database);
        accountsInMemory = new SnapshotDirectory(store, time);
        accounts = new Accounts(store, accountsInMemory, time, new Random(7));
        accounts.ensureTenant(ACME);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void acceptsANewKeyAtOnceAndRefusesItAtOnceWhenRevoked() {
        Accounts.CreatedKey created = accounts.createKey(ACME, AccessKey.Kind.WRITE, "site", List.of());
        String key = created.plain().reveal();
        assertThat(key).matches("wk_[0-9A-Za-z]{40}");
        assertThat(accountsInMemory.authenticate(key))
                .contains(new Credential.WriteKey(ACME, created.key().id(), List.of()));
        accounts.revokeKey(ACME, created.key().id());
        assertThat(accountsInMemory.authenticate(key)).isEmpty();
    }

    @Test
    void knowsKeysAfterARestartAndNeverStoresTheKeyItself() {
        Accounts.CreatedKey created = accounts.createKey(ACME, AccessKey.Kind.SECRET, "server", List.of());
        String key = created.plain().reveal();
        assertThat(new SnapshotDirectory(store, time).authenticate(key))
                .contains(new Credential.SecretKey(ACME, created.key().id()));
        String everything = database.read(handle -> handle.createQuery("SELECT * FROM access_keys")
                .mapToMap()
                .list()
                .toString());
        assertThat(everything)
                .contains(created.key().hash())
                .doesNotContain(key)
                .doesNotContain(key.substring(8));
        assertThat(created.toString()).doesNotContain(key);
    }

    @Test
    void letsATenantRevokeOnlyItsOwnKeys() {
        accounts.ensureTenant(OTHER);
        Accounts.CreatedKey created = accounts.createKey(ACME, AccessKey.Kind.SECRET, "server", List.of());
        assertFails(() -> accounts.revokeKey(OTHER, created.key().id()), ErrorCode.NOT_FOUND, null);
        assertThat(accountsInMemory.authenticate(created.plain().reveal())).isPresent();
    }

    @Test
    void refusesUnknownAndEndlessKeys() {
        assertThat(accountsInMemory.authenticate("wk_unknown")).isEmpty();
        assertThat(accountsInMemory.authenticate("")).isEmpty();
        assertThat(accountsInMemory.authenticate("sk_" + "x".repeat(1_000_000))).isEmpty();
    }

    @Test
    void tellsToTheHourWhenAKeyWasUsed() {
        Accounts.CreatedKey created = accounts.createKey(ACME, AccessKey.Kind.WRITE, "site", List.of());
        assertThat(accounts.keys(ACME).getFirst().lastUsedAt()).isNull();
        accountsInMemory.authenticate(created.plain().reveal());
        assertThat(accounts.keys(ACME).getFirst().lastUsedAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        time.advance(Duration.ofHours(2));
        accountsInMemory.authenticate(created.plain().reveal());
        accounts.close();
        assertThat(store.keys(ACME).getFirst().lastUsedAt()).isEqualTo(Instant.parse("2026-03-01T14:00:00Z"));
    }

    @Test
    void normalizesOriginsAndGivesNoneToSecretKeys() {
        assertThat(accounts.createKey(
                                ACME,
                                AccessKey.Kind.WRITE,
                                "",
                                List.of("HTTPS://App.Example.com/", "http://localhost:3000"))
                        .key()
                        .origins())
                .containsExactly("https://app.example.com", "http://localhost:3000");
        assertFails(
                () -> accounts.createKey(ACME, AccessKey.Kind.WRITE, "", List.of("https://ok.example", "ok.example")),
                ErrorCode.INVALID_FIELD,
                "origins[1]");
        assertFails(
                () -> accounts.createKey(ACME, AccessKey.Kind.SECRET, "", List.of("https://ok.example")),
                ErrorCode.INVALID_FIELD,
                "origins");
    }

    @Test
    void changesOnlyTheSettingsThatAreNamed() throws Exception {
        accounts.changeSettings(ACME, JSON.readTree("""
                {"zone":"Europe/Berlin","retention_days":90,
                 "masking":[{"field":"properties.card","pattern":"[0-9]{12,19}","action":"redact"}]}"""));
        TenantSettings changed =
                accounts.changeSettings(ACME, JSON.readTree("{\"week_start\":\"sunday\",\"retention_days\":null}"));
        assertThat(changed)
                .isEqualTo(new TenantSettings(
                        ZoneId.of("Europe/Berlin"),
                        DayOfWeek.SUNDAY,
                        null,
                        List.of(new MaskingRule("properties.card", "[0-9]{12,19}", MaskingRule.Action.REDACT))));
        assertThat(accountsInMemory.settings(ACME)).isEqualTo(changed);
        assertThat(new SnapshotDirectory(store, time).settings(ACME)).isEqualTo(changed);
        assertThat(accountsInMemory.settings(OTHER)).isEqualTo(TenantSettings.DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'zone':'Mars/Olympus'} | zone",
                "{'zone':'+02:00'} | zone",
                "{'zone':7} | zone",
                "{'week_start':'someday'} | week_start",
                "{'retention_days':0} | retention_days",
                "{'retention_days':1.5} | retention_days",
                "{'retention_days':'30'} | retention_days",
                "{'retention_days':99999} | retention_days",
                "{'colour':'red'} | colour",
                "{'masking':{}} | masking",
                "{'masking':['x']} | masking[0]",
                "{'masking':[{'field':'nonsense','action':'drop'}]} | masking[0].field",
                "{'masking':[{'field':'*','action':'drop'},{'field':'properties.','action':'drop'}]} | masking[1].field",
                "{'masking':[{'field':'*','action':'burn'}]} | masking[0].action",
                "{'masking':[{'field':'*','pattern':'(a','action':'drop'}]} | masking[0].pattern",
                "{'masking':[{'field':'*','pattern':'(a)\\\\1','action':'drop'}]} | masking[0].pattern",
                "{'masking':[{'field':'*','pattern':'a(?=b)','action':'drop'}]} | masking[0].pattern",
                "{'masking':[{'field':'*','pattern':'a*','action':'drop'}]} | masking[0].pattern",
                "{'masking':[{'field':'*','pattern':'','action':'drop'}]} | masking[0].pattern",
                "{'masking':[{'field':'*','action':'drop','why':1}]} | masking[0].why",
            })
    void namesTheSettingThatIsWrong(String json, String field) throws Exception {
        JsonNode change = JSON.readTree(json.replace('\'', '"'));
        assertFails(() -> accounts.changeSettings(ACME, change), ErrorCode.INVALID_FIELD, field);
        assertThat(accountsInMemory.settings(ACME)).isEqualTo(TenantSettings.DEFAULTS);
    }

    @Test
    void putsANewSchemaVersionInForce() throws Exception {
        JsonNode first = JSON.readTree("{\"type\":\"object\",\"required\":[\"amount\"]}");
        JsonNode second = JSON.readTree("{\"type\":\"object\",\"properties\":{\"pattern\":{\"$ref\":\"#/$defs/t\"}},"
                + "\"$defs\":{\"t\":{\"type\":\"string\",\"pattern\":\"^[a-z]+$\"}}}");
        accounts.addSchema(ACME, "purchase", EventSchema.Mode.WARN, null, first);
        EventSchema inForce = accounts.addSchema(ACME, "purchase", EventSchema.Mode.ENFORCE, null, second);
        assertThat(inForce.version()).isEqualTo(2);
        assertThat(accountsInMemory.schema(ACME, "purchase")).contains(inForce);
        assertThat(accounts.schemas(ACME)).containsExactly(inForce);
        assertThat(accounts.schemaVersions(ACME, "purchase")).hasSize(2);
        EventSchema off = accounts.changeSchema(ACME, "purchase", EventSchema.Mode.OFF, null);
        assertThat(accountsInMemory.schema(ACME, "purchase")).contains(off);
        assertFails(() -> accounts.changeSchema(ACME, "signup", EventSchema.Mode.OFF, null), ErrorCode.NOT_FOUND, null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | schema",
                "{'type':'strnig'} | schema.type",
                "{'properties':{'a':{'minimum':'x'}}} | schema.properties.a.minimum",
                "{'$schema':'http://json-schema.org/draft-07/schema#'} | schema.$schema",
                "{'properties':{'a':{'$ref':'http://169.254.169.254/latest'}}} | schema.properties.a.$ref",
                "{'$dynamicRef':'file:///etc/passwd'} | schema.$dynamicRef",
                "{'$id':'http://elsewhere.example/x'} | schema.$id",
                "{'properties':{'a':{'pattern':'(?=x)'}}} | schema.properties.a.pattern",
                "{'patternProperties':{'(':{}}} | schema.patternProperties",
            })
    void namesWhatIsWrongWithASchema(String json, String field) throws Exception {
        JsonNode schema = JSON.readTree(json.replace('\'', '"'));
        assertFails(
                () -> accounts.addSchema(ACME, "purchase", EventSchema.Mode.WARN, null, schema),
                ErrorCode.INVALID_FIELD,
                field);
        assertThat(accountsInMemory.schema(ACME, "purchase")).isEmpty();
    }

    @Test
    void boundsSizeAndDepthOfASchema() throws Exception {
        JsonNode deep = JSON.readTree("{\"not\":".repeat(40) + "{}" + "}".repeat(40));
        assertThatThrownBy(() -> accounts.addSchema(ACME, "x", EventSchema.Mode.WARN, null, deep))
                .hasMessageContaining("nested deeper than 32");
        JsonNode long64k = JSON.createObjectNode().put("description", "x".repeat(70_000));
        assertFails(
                () -> accounts.addSchema(ACME, "x", EventSchema.Mode.WARN, null, long64k),
                ErrorCode.INVALID_FIELD,
                "schema");
        assertFails(
                () -> accounts.addSchema(ACME, "y".repeat(201), EventSchema.Mode.WARN, null, JSON.createObjectNode()),
                ErrorCode.INVALID_FIELD,
                "event_type");
    }

    private static void assertFails(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
            ErrorCode code,
            @org.jspecify.annotations.Nullable String field) {
        assertThatThrownBy(call).isInstanceOfSatisfying(TidemarkException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.field().orElse(null)).isEqualTo(field);
        });
    }
}
