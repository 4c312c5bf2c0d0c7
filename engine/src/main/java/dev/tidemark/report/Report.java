package dev.tidemark.report;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * A named page of widgets.
 *
 * @param version 1 at first, one more with every change
 * @param controls what viewers may choose
 */
public record Report(
        TenantId tenant,
        ReportId id,
        String name,
        long version,
        List<Widget> widgets,
        Controls controls,
        Instant createdAt,
        Instant updatedAt) {
    public static final int MAX_WIDGETS = 50;
    public static final int MAX_NAME_LENGTH = 200;

    public Report {
        widgets = List.copyOf(widgets);
    }

    /** The next version, with another name and other widgets. */
    Report changed(String newName, List<Widget> newWidgets, Instant at) {
        return changed(newName, newWidgets, controls, at);
    }

    /** The next version, with other controls too. */
    Report changed(String newName, List<Widget> newWidgets, Controls newControls, Instant at) {
        return new Report(tenant, id, newName, version + 1, newWidgets, newControls, createdAt, at);
    }
}
