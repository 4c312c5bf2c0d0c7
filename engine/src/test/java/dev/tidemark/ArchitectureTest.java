package dev.tidemark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md that a compiler does not hold. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tidemark");

    /** What every stage may use, besides itself. */
    private static final List<String> SHARED = List.of("base", "account", "http", "host");

    /** What a stage may use further, {@code *} for everything. */
    private static final Map<String, List<String>> UPSTREAM = Map.ofEntries(
            Map.entry("signin", List.of()),
            Map.entry("collect", List.of("journal")),
            Map.entry("journal", List.of()),
            Map.entry("process", List.of("journal", "store")),
            Map.entry("store", List.of()),
            Map.entry("query", List.of("store")),
            Map.entry("cohort", List.of("query", "store")),
            Map.entry("report", List.of("query", "store")),
            Map.entry("embed", List.of("report", "query")),
            Map.entry("live", List.of("report", "query", "process", "store")),
            Map.entry("govern", List.of("collect", "process", "store", "query", "cohort")),
            Map.entry("operate", List.of("collect", "journal", "process", "store", "query", "report", "embed")));

    @Test
    void stagesUseOnlyWhatLiesUpstream() {
        for (Map.Entry<String, List<String>> stage : UPSTREAM.entrySet()) {
            List<String> allowed = new ArrayList<>(SHARED);
            allowed.add(stage.getKey());
            allowed.addAll(stage.getValue());
            String[] packages =
                    allowed.stream().map(name -> "dev.tidemark." + name + "..").toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.tidemark." + stage.getKey() + "..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("dev.tidemark..").and(not(resideInAnyPackage(packages))))
                    .allowEmptyShould(true)
                    .because(stage.getKey() + " may use " + allowed)
                    .check(CLASSES);
        }
    }

    @Test
    void baseUsesNothingAndAccountOnlyBase() {
        noClasses()
                .that()
                .resideInAPackage("dev.tidemark.base..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.tidemark..").and(not(resideInAPackage("dev.tidemark.base.."))))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.tidemark.account")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.tidemark..")
                        .and(not(resideInAnyPackage("dev.tidemark.base..", "dev.tidemark.account"))))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.tidemark.http..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.tidemark..")
                        .and(not(resideInAnyPackage(
                                "dev.tidemark.base..", "dev.tidemark.account", "dev.tidemark.http.."))))
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.tidemark.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theHttpServersTypesStayInRoutesAndHttp() {
        noClasses()
                .that(not(resideInAnyPackage("dev.tidemark.http..", "dev.tidemark.app.."))
                        .and(not(outermost(simpleNameEndingWith("Routes")))))
                .should()
                .dependOnClassesThat(resideInAPackage("io.vertx.."))
                .check(CLASSES);
    }

    @Test
    void timeAndChanceComeFromBaseAlone() {
        DescribedPredicate<JavaClass> elsewhere = resideInAPackage("dev.tidemark..")
                .and(not(resideInAnyPackage("dev.tidemark.base..", "dev.tidemark.app..", "dev.tidemark.host..")));
        noClasses()
                .that(elsewhere)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .orShould()
                .callMethod(java.time.ZonedDateTime.class, "now")
                .orShould()
                .callMethod(java.time.OffsetDateTime.class, "now")
                .orShould()
                .callMethod(java.time.Clock.class, "systemUTC")
                .orShould()
                .callMethod(java.time.Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current")
                .orShould()
                .callConstructor(java.util.Random.class)
                .orShould()
                .callConstructor(java.security.SecureRandom.class)
                .check(CLASSES);
    }

    @Test
    void whatReadsATenantsDataIsToldTheTenant() {
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat(resideInAPackage("dev.tidemark.query..")
                        .and(DescribedPredicate.describe(
                                "public", each -> each.getModifiers().contains(JavaModifier.PUBLIC))))
                .and(readTheStore())
                .should(takeATenant())
                .check(CLASSES);
        methods()
                .that()
                .areDeclaredIn(EventStore.class)
                .and()
                .haveRawReturnType(Rows.class)
                .should(takeATenant())
                .check(CLASSES);
    }

    @Test
    void namesNoClassByWhatItDoesNotSay() {
        for (String word : List.of("Util", "Utils", "Helper", "Manager", "Impl", "Service")) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.tidemark..")
                    .should()
                    .haveSimpleNameEndingWith(word)
                    .check(CLASSES);
        }
    }

    @Test
    void publicTypesAreFinalOrMeantToBeExtended() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .resideInAPackage("dev.tidemark..")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }

    @Test
    void looksAtTheWholeEngine() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .contains("dev.tidemark.base", "dev.tidemark.report", "dev.tidemark.query", "dev.tidemark.store");
    }

    private static DescribedPredicate<JavaClass> outermost(DescribedPredicate<? super JavaClass> predicate) {
        return DescribedPredicate.describe("outermost class " + predicate.getDescription(), each -> {
            JavaClass outer = each;
            while (outer.getEnclosingClass().isPresent()) {
                outer = outer.getEnclosingClass().get();
            }
            return predicate.test(outer);
        });
    }

    private static DescribedPredicate<JavaMethod> readTheStore() {
        return DescribedPredicate.describe(
                "read the store",
                method -> method.getMethodCallsFromSelf().stream()
                                .anyMatch(call -> call.getTargetOwner().isAssignableTo(EventStore.class))
                        || (method.getName().equals("answer")
                                && !method.getModifiers().contains(JavaModifier.STATIC)));
    }

    private static ArchCondition<JavaMethod> takeATenant() {
        return new ArchCondition<>("take a TenantId") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean takes =
                        method.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(TenantId.class));
                events.add(new SimpleConditionEvent(method, takes, method.getFullName()));
            }
        };
    }
}
