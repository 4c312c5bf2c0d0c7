package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import org.jspecify.annotations.Nullable;

/**
 * How far a reader of a report may go in it: by whom the choice is limited, to which events, and what is taken from what the author
 * allows. The nodes are not to be modified.
 *
 * @param lockedFilter holds for every widget in addition to what it says; null for none
 * @param narrowing of the author's controls, in their JSON form; null for none
 */
public record Reach(
        Limit limit,
        @Nullable JsonNode lockedFilter,
        @Nullable JsonNode narrowing) {
    /** Of those who may ask anything anyway. */
    public static final Reach FREE = new Reach(Limit.NOTHING, null, null);

    /** What of the author's controls limits a reader. */
    public enum Limit {
        NOTHING,
        /** All but the period. */
        ALL_BUT_PERIOD,
        EVERYTHING
    }

    /** Of an embed token that locks a filter and takes nothing from the controls. */
    public static Reach locked(@Nullable JsonNode filter) {
        return new Reach(Limit.EVERYTHING, filter, null);
    }

    /** Persons and keys that may put questions are free; an embed token is limited in everything. */
    public static Reach of(Credential credential) {
        if (credential instanceof Credential.EmbedToken token) {
            return new Reach(Limit.EVERYTHING, token.lockedFilter(), token.controls());
        }
        return credential.permissions().contains(Permission.DATA_QUERY)
                ? FREE
                : new Reach(Limit.ALL_BUT_PERIOD, null, null);
    }

    /** The same for all whom nothing tells apart who ask for this, so that they share answers and streams. */
    public Reach sharedBy(Overrides overrides) {
        return overrides.equals(Overrides.NONE) && limit != Limit.EVERYTHING
                ? new Reach(Limit.EVERYTHING, lockedFilter, narrowing)
                : this;
    }

    /** What the reader is offered. */
    Controls controls(Report report) {
        return report.controls().narrowed(narrowing);
    }

    /** Fails with {@code FORBIDDEN} and the parameter that asks for more than the reader may choose. */
    void require(Overrides overrides, Report report) {
        if (limit == Limit.NOTHING) {
            return;
        }
        Controls controls = controls(report);
        String period = overrides.periodParameter();
        if (limit == Limit.EVERYTHING && period != null && !controls.dateRange()) {
            throw forbidden("the period of this report cannot be chosen", period);
        }
        String breakdown = overrides.breakdown();
        boolean mayBreak = Overrides.NO_BREAKDOWN.equals(breakdown)
                ? !controls.breakdown().isEmpty()
                : breakdown == null || controls.breakdown().contains(breakdown);
        if (!mayBreak) {
            throw forbidden("this report cannot be broken down so", "breakdown");
        }
        for (String property : overrides.filteredProperties()) {
            requireFilter(controls, property, "filters");
        }
    }

    /** Fails unless the values of a property may be listed and chosen. */
    void requireFilter(Report report, String property, String parameter) {
        if (limit != Limit.NOTHING) {
            requireFilter(controls(report), property, parameter);
        }
    }

    /** Fails unless as much may be seen of what is behind a number; returns how much. */
    Controls.DrillDown drillDown(Report report) {
        return limit == Limit.NOTHING
                ? Controls.DrillDown.PEOPLE
                : controls(report).drillDown();
    }

    private static void requireFilter(Controls controls, String property, String parameter) {
        if (!controls.filters().contains(property)) {
            throw forbidden("this report cannot be filtered by that property", parameter);
        }
    }

    private static TidemarkException forbidden(String message, String field) {
        return new TidemarkException(ErrorCode.FORBIDDEN, message, field);
    }
}
