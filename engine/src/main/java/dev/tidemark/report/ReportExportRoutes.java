package dev.tidemark.report;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.query.Exports;
import dev.tidemark.query.Question;
import io.vertx.core.http.HttpMethod;
import java.util.stream.Collectors;

/** The numbers of a widget as a file, for everybody who may see the report, as they may see it. */
public final class ReportExportRoutes implements Routes {
    private final Reports reports;
    private final Exports exports;
    private final ReportRunner runner;
    private final TimeSource time;

    public ReportExportRoutes(Reports reports, Exports exports, ReportRunner runner, TimeSource time) {
        this.reports = reports;
        this.exports = exports;
        this.runner = runner;
        this.time = time;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/reports/:id/export", Access.VIEW, this::export);
    }

    private Reply export(Call call) {
        Report report = reports.find(call.tenant(), ReportRoutes.id(call));
        Widget widget = widget(report, call);
        ReportReading reading = runner.reading(report, Overrides.of(call), Reach.of(call.requiredCredential()));
        Question question = runner.question(reading, widget, time.instant());
        String name = report.name() + (widget.title().isBlank() ? "" : "-" + widget.title());
        return exports.reply(report.tenant(), question, call, name);
    }

    /** The one that is named, or the only one. */
    static Widget widget(Report report, Call call) {
        String named = call.query().get("widget");
        if (named != null) {
            return Reports.widget(report, named);
        }
        if (report.widgets().size() != 1) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    report.widgets().isEmpty()
                            ? "the report has no widgets"
                            : "name one of the report's widgets: "
                                    + report.widgets().stream().map(Widget::id).collect(Collectors.joining(", ")),
                    "widget");
        }
        return report.widgets().getFirst();
    }
}
