package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportsTest {
    private static final OptionalLong UNSEEN = OptionalLong.empty();

    @TempDir
    Path directory;

    private ReportFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ReportFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void refusesAChangeToAVersionThatIsNoLongerTheNewest() {
        Report report = fixture.report(ReportFixture.TREND);
        JsonNode renamed = ReportFixture.json("{\"report_name\":\"Renamed\"}");
        Report second = fixture.reports.replace(ReportFixture.ACME, report.id(), OptionalLong.of(1), renamed);
        assertThat(second.version()).isEqualTo(2);
        assertCode(
                () -> fixture.reports.replace(ReportFixture.ACME, report.id(), OptionalLong.of(1), renamed),
                ErrorCode.CONFLICT);
        assertCode(
                () -> fixture.reports.remove(ReportFixture.ACME, report.id(), OptionalLong.of(1)), ErrorCode.CONFLICT);
        fixture.reports.remove(ReportFixture.ACME, report.id(), OptionalLong.of(2));
        assertCode(() -> fixture.reports.find(ReportFixture.ACME, report.id()), ErrorCode.NOT_FOUND);
    }

    @Test
    void losesNoWidgetThatConcurrentCallersAdd() {
        Report report = fixture.report();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 8; caller++) {
                threads.submit(() -> fixture.reports.addWidget(
                        ReportFixture.ACME, report.id(), UNSEEN, widget(ReportFixture.TREND)));
            }
        }
        Report changed = fixture.reports.find(ReportFixture.ACME, report.id());
        assertThat(changed.widgets()).hasSize(8).extracting(Widget::id).doesNotHaveDuplicates();
        assertThat(changed.version()).isEqualTo(9);
    }

    @Test
    void keepsIdAndPlaceOfAWidgetThatIsReplaced() {
        Report report = fixture.report(ReportFixture.TREND, ReportFixture.PAST);
        Widget second = report.widgets().get(1);
        Report changed = fixture.reports.replaceWidget(
                ReportFixture.ACME, report.id(), second.id(), UNSEEN, widget(ReportFixture.TREND));
        assertThat(changed.widgets().get(1).id()).isEqualTo(second.id());
        assertThat(changed.widgets().get(1).type()).isEqualTo(Widget.Type.TREND);
        assertThat(changed.widgets().get(1).layout()).isEqualTo(second.layout());
        Report fewer = fixture.reports.removeWidget(
                ReportFixture.ACME, report.id(), report.widgets().getFirst().id(), UNSEEN);
        assertThat(fewer.widgets()).extracting(Widget::id).containsExactly(second.id());
    }

    @Test
    void keepsTheIdsOfWidgetsWhenTheWholeReportIsReplaced() {
        Report report = fixture.report(ReportFixture.TREND, ReportFixture.PAST);
        ObjectNode definition = ReportJson.definition(report);
        definition.retain("report_name", "widgets");
        Report same = fixture.reports.replace(ReportFixture.ACME, report.id(), UNSEEN, definition);
        assertThat(same.widgets()).isEqualTo(report.widgets());
    }

    @Test
    void hidesReportsFromOtherTenants() {
        Report report = fixture.report(ReportFixture.TREND);
        TenantId other = new TenantId("other");
        JsonNode definition = ReportFixture.json("{\"report_name\":\"Mine\"}");
        assertCode(() -> fixture.reports.find(other, report.id()), ErrorCode.NOT_FOUND);
        assertCode(() -> fixture.reports.replace(other, report.id(), UNSEEN, definition), ErrorCode.NOT_FOUND);
        assertCode(() -> fixture.reports.remove(other, report.id(), UNSEEN), ErrorCode.NOT_FOUND);
        assertThat(fixture.reports.list(other)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | report_name",
                "{'report_name':'  '} | report_name",
                "{'report_name':7} | report_name",
                "{'report_name':'x','colour':1} | colour",
                "{'report_name':'x','widgets':{}} | widgets",
                "{'report_name':'x','widgets':[7]} | widgets[0]",
                "{'report_name':'x','widgets':[{'type':'pie'}]} | widgets[0].type",
                "{'report_name':'x','widgets':[{'type':'trend'}]} | widgets[0].question",
                "{'report_name':'x','widgets':[{'type':'trend','question':{'type':'metric'}}]} | widgets[0].question.type",
                "{'report_name':'x','widgets':[{'type':'metric','question':{'measures':[{'name':'a','measure':'sum'}],'range':{'last':'1d'}}}]} | widgets[0].question.measures[0].property",
                "{'report_name':'x','widgets':[{'type':'metric','display':'bar','question':{'measures':[{'name':'a','measure':'events'}],'range':{'last':'1d'}}}]} | widgets[0].display",
                "{'report_name':'x','widgets':[{'type':'metric','widget_id':'mine','question':{'measures':[{'name':'a','measure':'events'}],'range':{'last':'1d'}}}]} | widgets[0].widget_id",
                "{'report_name':'x','widgets':[{'type':'metric','layout':{'x':8,'y':0,'w':6,'h':1},'question':{'measures':[{'name':'a','measure':'events'}],'range':{'last':'1d'}}}]} | widgets[0].layout.w",
                "{'report_name':'x','widgets':[{'type':'metric','layout':{'x':0,'y':-1,'w':6,'h':1},'question':{'measures':[{'name':'a','measure':'events'}],'range':{'last':'1d'}}}]} | widgets[0].layout.y",
            })
    void namesTheFieldThatIsWrong(String json, String field) {
        JsonNode definition = ReportFixture.json(json.replace('\'', '"'));
        assertThatThrownBy(() -> fixture.reports.create(ReportFixture.ACME, definition))
                .isInstanceOfSatisfying(TidemarkException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(e.field()).contains(field);
                });
        assertThat(fixture.reports.list(ReportFixture.ACME)).isEmpty();
    }

    @Test
    void holdsAtMostFiftyWidgets() {
        String[] questions = new String[50];
        java.util.Arrays.fill(questions, ReportFixture.PAST);
        Report full = fixture.report(questions);
        assertCode(
                () -> fixture.reports.addWidget(ReportFixture.ACME, full.id(), UNSEEN, widget(ReportFixture.TREND)),
                ErrorCode.CONFLICT);
        String[] more = java.util.Arrays.copyOf(questions, 51);
        more[50] = ReportFixture.PAST;
        assertCode(() -> fixture.report(more), ErrorCode.INVALID_FIELD);
    }

    private static JsonNode widget(String question) {
        JsonNode node = ReportFixture.json(question);
        ObjectNode widget = ReportFixture.JSON.createObjectNode();
        widget.put("type", node.get("type").asText());
        widget.set("question", node);
        return widget;
    }

    private static void assertCode(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
