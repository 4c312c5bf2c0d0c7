package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AnalysisTest {
    private static final Instant UNTIL = Instant.parse("2026-03-11T12:34:56Z");

    @ParameterizedTest
    @EnumSource(Analysis.class)
    void hasAQuestionAndAStatementOfTheSameTenantAndDays(Analysis analysis) throws IOException {
        Analysis.Days days = analysis.days(UNTIL);
        assertThat(analysis.statement()).contains("{tenant:String}").contains("expires_on > ");
        if (analysis.listPath().isEmpty()) {
            JsonNode question = analysis.question(days, "c1");
            assertThat(question.at("/range/start_time").asText())
                    .isEqualTo(days.first().toString());
            assertThat(question.at("/range/end_time").asText()).isEqualTo("2026-03-11");
            assertThat(question.toString()).doesNotContain("$start", "$end", "$cohort");
        }
    }

    @Test
    void retentionStartsOnAMonday() {
        assertThat(Analysis.RETENTION.days(UNTIL))
                .isEqualTo(new Analysis.Days(LocalDate.parse("2026-01-19"), LocalDate.parse("2026-03-12")));
    }

    @Test
    void answersAreComparedByTheirNumbers() throws IOException {
        JsonNode answer = json(
                "{\"lines\":[{\"breakdown\":\"DE\",\"points\":[{\"time\":\"t\",\"value\":3},{\"time\":\"u\",\"value\":0}]}],"
                        + "\"totals\":[{\"breakdown\":null,\"points\":[{\"time\":\"t\",\"value\":5}]}]}");
        assertThat(AnswerShape.LINES.rows(answer))
                .isEqualTo(
                        AnswerShape.LINES.rowsOfStatement(json("{\"data\":[[\"DE\",\"t\",3.0],[\"$total\",\"t\",5]]}")))
                .isNotEqualTo(AnswerShape.LINES.rowsOfStatement(
                        json("{\"data\":[[\"DE\",\"t\",3.0],[\"$total\",\"t\",4]]}")));
        assertThat(AnswerShape.VALUES.rows(json("{\"values\":[{\"measure\":\"n\",\"value\":0.1}]}")))
                .isEqualTo(AnswerShape.VALUES.rowsOfStatement(
                        json("{\"data\":[[[\"n\",0.1],\"n\",0.10000000000000002]]}")));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
