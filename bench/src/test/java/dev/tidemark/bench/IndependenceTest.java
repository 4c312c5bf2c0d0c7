package dev.tidemark.bench;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tidemark.base.TimeSource;

/** The judge shares no code with the server that it judges, but for the clock. */
@AnalyzeClasses(packages = "dev.tidemark.bench", importOptions = DoNotIncludeTests.class)
final class IndependenceTest {
    @ArchTest
    static final ArchRule sharesNoCodeWithTheServer = noClasses()
            .that()
            .resideInAPackage("dev.tidemark.bench")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.tidemark..")
                    .and(JavaClass.Predicates.resideOutsideOfPackage("dev.tidemark.bench.."))
                    .and(DescribedPredicate.not(JavaClass.Predicates.belongToAnyOf(TimeSource.class))));
}
