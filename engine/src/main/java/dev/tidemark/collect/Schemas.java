package dev.tidemark.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;
import dev.tidemark.account.EventSchema;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds events against their JSON Schemas, compiled once for each version. References to other documents are never fetched. A
 * schema may take long to compile and to check, so not on event loops. Thread-safe.
 */
final class Schemas {
    private static final Logger LOG = LoggerFactory.getLogger(Schemas.class);
    private static final int KEPT = 10_000;

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .pathType(PathType.LEGACY)
                            .formatAssertionsEnabled(true)
                            .regularExpressionFactory(Schemas::linearTime)
                            .build())
                    .schemaCacheEnabled(false)
                    .schemaLoader(loader -> loader.fetchRemoteResources(false)));
    private final Cache<Key, Compiled> compiled =
            Caffeine.newBuilder().maximumSize(KEPT).build();
    private final Counter violations;

    Schemas(MeterRegistry meters) {
        this.violations = meters.counter("tidemark.schema.violations");
    }

    /** The first thing in which an event does not fit its schema. A schema that cannot be read is no reason to lose events. */
    Optional<Violation> violation(EventSchema schema, RawEvent event) {
        Compiled known =
                compiled.get(new Key(schema.tenant(), schema.eventType(), schema.version()), _ -> compile(schema));
        if (known.schema().isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode described = Payloads.tree(event).path(event.described);
            JsonNode subject = described.isObject() ? described : JsonNodeFactory.instance.objectNode();
            List<Error> errors = known.schema().get().validate(subject);
            if (errors.isEmpty()) {
                return Optional.empty();
            }
            violations.increment();
            return Optional.of(violation(event.described, errors.getFirst()));
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an event that was read could not be read again", e);
        }
    }

    /** A pattern of a tenant, matched in time linear in the text, so that no schema can make a text expensive. */
    private static RegularExpression linearTime(String pattern) {
        Pattern compiledPattern = Pattern.compile(pattern);
        return text -> compiledPattern.matcher(text).find();
    }

    private static Violation violation(String described, Error error) {
        StringBuilder field = new StringBuilder(described);
        String location = error.getInstanceLocation().toString();
        field.append(location.startsWith("$") ? location.substring(1) : location);
        if (error.getProperty() != null && !error.getProperty().isEmpty()) {
            field.append('.').append(error.getProperty());
        }
        return new Violation(field.toString(), error.getMessage());
    }

    private Compiled compile(EventSchema schema) {
        try {
            Schema ready = registry.getSchema(schema.json(), InputFormat.JSON);
            ready.initializeValidators();
            return new Compiled(Optional.of(ready));
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("tenant", schema.tenant())
                    .addKeyValue("event_type", schema.eventType())
                    .addKeyValue("version", schema.version())
                    .setCause(e)
                    .log("schema cannot be read and is not applied");
            return new Compiled(Optional.empty());
        }
    }

    /** Where and how an event does not fit. */
    record Violation(String field, String message) {}

    private record Key(TenantId tenant, String eventType, int version) {}

    private record Compiled(Optional<Schema> schema) {}
}
