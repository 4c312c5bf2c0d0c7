package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.account.Credential;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportAnswerRoutesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"interval, fortnight", "start_time, yesterday", "end_time, 2026-13-01", "interval, ''"})
    void refusesAParameterThatCannotBeReadByItsName(String name, String value) {
        try (ReportFixture fixture = new ReportFixture(directory)) {
            Report report = fixture.report(ReportFixture.TREND);
            ReportAnswerRoutes routes = new ReportAnswerRoutes(fixture.reports, fixture.runner);
            assertThatThrownBy(() -> routes.answer(call(report, Map.of(name, value))))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.field()).contains(name));
        }
    }

    @Test
    void letsAReaderChooseTheInterval() {
        try (ReportFixture fixture = new ReportFixture(directory)) {
            Report report = fixture.report(ReportFixture.TREND);
            ReportAnswerRoutes routes = new ReportAnswerRoutes(fixture.reports, fixture.runner);
            assertThat(routes.answer(call(report, Map.of("interval", "hour"))).status())
                    .isEqualTo(200);
            assertThat(fixture.asked.getFirst().cacheKey()).contains("\"hour\"");
        }
    }

    private static Call call(Report report, Map<String, String> query) {
        return new Call(
                "GET",
                "/api/v1/reports/" + report.id(),
                "http://localhost",
                Map.of("id", report.id().value()),
                query,
                Map.of(),
                new byte[0],
                new Credential.SecretKey(ReportFixture.ACME, "key"),
                "test");
    }
}
