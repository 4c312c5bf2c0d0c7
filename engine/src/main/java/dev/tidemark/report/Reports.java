package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.query.CohortDirectory;
import dev.tidemark.query.QuestionContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Defines reports. Two people who change the same report do not overwrite each other: whoever names the version that was
 * seen gets {@code CONFLICT} when it is no longer the newest. Blocking; thread-safe.
 */
public final class Reports {
    private static final int MAX_REPORTS = 1_000;
    private static final int KEPT_REPORTS = 2_000;
    private static final int ATTEMPTS = 10;

    private final ReportStore store;
    private final TenantDirectory directory;
    private final CohortDirectory cohorts;
    private final TimeSource clock;
    private final UuidV7 ids;
    private final ReportReader reader;
    private final Cache<Place, Report> kept =
            Caffeine.newBuilder().maximumSize(KEPT_REPORTS).build();

    public Reports(
            ReportStore store, TenantDirectory directory, CohortDirectory cohorts, TimeSource clock, UuidV7 ids) {
        this.store = store;
        this.directory = directory;
        this.cohorts = cohorts;
        this.clock = clock;
        this.ids = ids;
        this.reader = new ReportReader(ids);
    }

    /** Makes a report from its JSON form: {@code {"report_name","widgets":[...],"controls":{...}}}. */
    public Report create(TenantId tenant, JsonNode definition) {
        ReportReader.Draft draft = reader.report(definition, List.of(), Controls.NONE, context(tenant));
        if (store.list(tenant).size() >= MAX_REPORTS) {
            throw new TidemarkException(ErrorCode.CONFLICT, "there are " + MAX_REPORTS + " reports already");
        }
        Instant now = now();
        Report report = new Report(
                tenant,
                new ReportId(ids.next().toString()),
                draft.name(),
                1,
                draft.widgets(),
                draft.controls(),
                now,
                now);
        store.add(report);
        return report;
    }

    /** The report; {@code NOT_FOUND} when the tenant has none of that id. */
    public Report find(TenantId tenant, ReportId id) {
        return kept.asMap()
                .computeIfAbsent(
                        new Place(tenant, id),
                        _ -> store.find(tenant, id)
                                .orElseThrow(
                                        () -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such report")));
    }

    /** The tenant's reports, oldest first. */
    public List<Report> list(TenantId tenant) {
        return store.list(tenant);
    }

    /** Replaces name and widgets, and what viewers may choose where the definition says it. Widgets that carry the id of one that is there replace it, the others are new. */
    public Report replace(TenantId tenant, ReportId id, OptionalLong seen, JsonNode definition) {
        return change(tenant, id, seen, report -> {
            ReportReader.Draft draft = reader.report(definition, report.widgets(), report.controls(), context(tenant));
            return report.changed(draft.name(), draft.widgets(), draft.controls(), now());
        });
    }

    /** Removes a report for good. */
    public void remove(TenantId tenant, ReportId id, OptionalLong seen) {
        requireSeen(find(tenant, id), seen);
        boolean removed = store.remove(tenant, id);
        kept.invalidate(new Place(tenant, id));
        if (!removed) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such report");
        }
    }

    /** Adds a widget behind the others; it is the last of the answer's. */
    public Report addWidget(TenantId tenant, ReportId id, OptionalLong seen, JsonNode definition) {
        return change(tenant, id, seen, report -> {
            if (report.widgets().size() >= Report.MAX_WIDGETS) {
                throw new TidemarkException(
                        ErrorCode.CONFLICT, "a report has at most " + Report.MAX_WIDGETS + " widgets");
            }
            List<Widget> widgets = new ArrayList<>(report.widgets());
            widgets.add(reader.widget(definition, "", List.of(), report.widgets(), context(tenant)));
            return report.changed(report.name(), widgets, now());
        });
    }

    /** Replaces one widget, which keeps its id and its place in the order. */
    public Report replaceWidget(TenantId tenant, ReportId id, String widgetId, OptionalLong seen, JsonNode definition) {
        return change(tenant, id, seen, report -> {
            int index = indexOf(report, widgetId);
            Widget old = report.widgets().get(index);
            Widget read =
                    reader.widget(definition, "", List.of(old), report.widgets().subList(0, index), context(tenant));
            List<Widget> widgets = new ArrayList<>(report.widgets());
            widgets.set(
                    index,
                    new Widget(
                            widgetId,
                            read.type(),
                            read.title(),
                            read.question(),
                            read.display(),
                            definition.hasNonNull("layout") ? read.layout() : old.layout()));
            return report.changed(report.name(), widgets, now());
        });
    }

    /** Takes a widget away. */
    public Report removeWidget(TenantId tenant, ReportId id, String widgetId, OptionalLong seen) {
        return change(tenant, id, seen, report -> {
            List<Widget> widgets = new ArrayList<>(report.widgets());
            widgets.remove(indexOf(report, widgetId));
            return report.changed(report.name(), widgets, now());
        });
    }

    /** One widget of a report; {@code NOT_FOUND} when it has none of that id. */
    static Widget widget(Report report, String widgetId) {
        return report.widgets().get(indexOf(report, widgetId));
    }

    private Report change(TenantId tenant, ReportId id, OptionalLong seen, Function<Report, Report> change) {
        Place place = new Place(tenant, id);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Report report = find(tenant, id);
            requireSeen(report, seen);
            Report changed = change.apply(report);
            boolean stored = store.replace(changed);
            kept.invalidate(place);
            if (stored) {
                return changed;
            }
        }
        throw changedMeanwhile();
    }

    private static void requireSeen(Report report, OptionalLong seen) {
        if (seen.isPresent() && seen.getAsLong() != report.version()) {
            throw changedMeanwhile();
        }
    }

    private static TidemarkException changedMeanwhile() {
        return new TidemarkException(
                ErrorCode.CONFLICT, "somebody else has changed the report; fetch it again and repeat the change");
    }

    private static int indexOf(Report report, String widgetId) {
        for (int index = 0; index < report.widgets().size(); index++) {
            if (report.widgets().get(index).id().equals(widgetId)) {
                return index;
            }
        }
        throw new TidemarkException(ErrorCode.NOT_FOUND, "the report has no such widget");
    }

    /** In which the tenant's questions are read now, to be checked. */
    public QuestionContext context(TenantId tenant) {
        TenantSettings settings = directory.settings(tenant);
        return QuestionContext.plain(clock.instant(), settings.zone(), settings.weekStart(), cohorts.of(tenant));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private record Place(TenantId tenant, ReportId id) {}
}
