package dev.tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tidemark.base.TenantId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whatever the engine keeps by key has the tenant in the type of the key, so that nobody can forget it; or it is on a list here, with why
 * two tenants cannot meet in it. A new cache is on neither and fails.
 */
final class KeyedStateTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tidemark");

    private static final Map<String, Set<String>> WITHOUT = Map.of(
            "found by the hash of a credential, which tells the tenant",
            Set.of(
                    "account.SnapshotDirectory.keysByHash",
                    "account.BearerTokens.remembered",
                    "account.EmbedTokens.known",
                    "signin.Sessions.byHash"),
            "found by what an issuer says of itself, each entry with the tenant that trusts it",
            Set.of("account.BearerTokens.byName"),
            "of persons, who belong to several tenants, or of who tries to get in",
            Set.of(
                    "account.People.users",
                    "account.People.memberships",
                    "account.LocalRateLimiter.buckets",
                    "signin.Sessions.disabled",
                    "signin.OidcProvider.pending"),
            "named by ids that the server makes, none twice",
            Set.of("cohort.MemberLists.underWay", "govern.Jobs.pauses", "store.ClickHouseStore.inDoubt"),
            "of the server, its listener, its partitions and what it was started with",
            Set.of(
                    "account.Role.permissions",
                    "account.quota.Activities.refusals",
                    "account.quota.Plans.plans",
                    "collect.CollectMeters.bodies",
                    "collect.CollectMeters.rejected",
                    "govern.Jobs.works",
                    "http.FrontDoor.visits",
                    "http.OpenConnections.byAddress",
                    "http.WebFiles.kept",
                    "live.Lags.unprocessed",
                    "live.Lags.unstored",
                    "process.IdGenerations.families",
                    "store.EngineSession.insertSelectSettings",
                    "store.EngineSession.querySettings",
                    "store.EngineSession.streamSettings",
                    "store.ReadingSteps.settings"),
            "worked out from a public text, the same whoever asks",
            Set.of(
                    "account.PublishedKeys.addresses",
                    "collect.GeoDatabase.known",
                    "collect.UserAgents.known",
                    "journal.EntryReader.tenants"),
            "of owners whose type stands where the lane is made",
            Set.of("base.Lane.lines", "base.Lane.taken"),
            "part of something that one tenant has",
            Set.of(
                    "collect.KeyedHash.hashed",
                    "live.QueryIndex.byValue",
                    "live.QueryIndex.Shelf.byType",
                    "query.FoldBatch.members",
                    "query.FoldPart.groups",
                    "query.FunnelFold.units",
                    "query.FunnelTally.byText",
                    "query.TrendStates.Value.byBucket"),
            "of one request, event, block or statement",
            Set.of(
                    "account.quota.EventQuota.Reserved.headers",
                    "account.quota.QueryQuota.Asked.headers",
                    "collect.AttributesReader.booleans",
                    "collect.AttributesReader.numbers",
                    "collect.AttributesReader.others",
                    "collect.AttributesReader.strings",
                    "collect.Draft.context",
                    "collect.RawEvent.consent",
                    "collect.RawEvent.context",
                    "collect.RawEvent.fromProperties",
                    "http.ServerSentEvents.headers",
                    "process.BatchBuilder.months",
                    "query.Conditions.named",
                    "store.Parameters.values",
                    "store.TextDictionary.indexes",
                    "store.TouchedTimes.Collector.numbers"));

    @Test
    void whatIsKeptByKeyHasTheTenantInTheTypeOfItsKey() {
        Set<String> listed = new TreeSet<>();
        WITHOUT.values().forEach(listed::addAll);
        assertThat(keyedWithoutTenant()).isEqualTo(listed);
    }

    @Test
    void theLookFindsTheCachesThatThereAre() {
        Set<String> keyed = new TreeSet<>();
        CLASSES.forEach(type ->
                type.getFields().stream().filter(KeyedStateTest::isKeyed).forEach(field -> keyed.add(name(field))));
        assertThat(keyed)
                .contains(
                        "query.TenantCache.values",
                        "report.WidgetResults.flights",
                        "query.Catalog.samples",
                        "live.ReportStreams.watched",
                        "live.StandingQueries.queries",
                        "account.LocalRateLimiter.buckets",
                        "collect.Schemas.compiled",
                        "process.UserTraits.cache")
                .hasSizeGreaterThan(60);
    }

    private static Set<String> keyedWithoutTenant() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (JavaField field : type.getFields()) {
                if (isKeyed(field) && !carriesTenant(keyOf(field), new HashSet<>())) {
                    found.add(name(field));
                }
            }
        }
        return found;
    }

    /** Constants and records are not state. */
    private static boolean isKeyed(JavaField field) {
        JavaClass raw = field.getRawType();
        return !field.getModifiers().contains(JavaModifier.STATIC)
                && !field.getOwner().isRecord()
                && (raw.isAssignableTo(Map.class) || raw.isAssignableTo(Set.class) || raw.isAssignableTo(Cache.class));
    }

    private static JavaClass keyOf(JavaField field) {
        JavaType type = field.getType();
        return type instanceof JavaParameterizedType of
                ? of.getActualTypeArguments().getFirst().toErasure()
                : keyOfOwn(field.getRawType());
    }

    /** Of a map that is a class of its own. */
    private static JavaClass keyOfOwn(JavaClass raw) {
        return raw.getSuperclass()
                .filter(JavaParameterizedType.class::isInstance)
                .map(of -> ((JavaParameterizedType) of)
                        .getActualTypeArguments()
                        .getFirst()
                        .toErasure())
                .orElse(raw);
    }

    private static boolean carriesTenant(JavaClass key, Set<JavaClass> seen) {
        if (key.isEquivalentTo(TenantId.class)) {
            return true;
        }
        return key.getPackageName().startsWith("dev.tidemark")
                && seen.add(key)
                && key.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .anyMatch(field -> carriesTenant(field.getRawType(), seen));
    }

    private static String name(JavaField field) {
        return field.getOwner().getName().replace("dev.tidemark.", "").replace('$', '.') + "." + field.getName();
    }
}
