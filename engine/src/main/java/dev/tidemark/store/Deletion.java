package dev.tidemark.store;

import dev.tidemark.base.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which rows of one tenant are to be removed from a table. Like {@link Select}, it writes the tenant's filter itself, and every
 * value is a parameter.
 */
public final class Deletion {
    private final Table table;
    private final Parameters parameters;
    private final List<String> conditions = new ArrayList<>();

    private Deletion(Table table, Parameters parameters) {
        this.table = table;
        this.parameters = parameters;
        conditions.add("tenant_id = " + parameters.tenantPlaceholder());
    }

    /** All rows of the tenant that the parameters are of, until conditions say less. */
    public static Deletion from(Table table, Parameters parameters) {
        return new Deletion(table, parameters);
    }

    /** A further condition; all must hold. */
    public Deletion where(String condition) {
        conditions.add("(" + condition + ")");
        return this;
    }

    public TenantId tenant() {
        return parameters.tenant();
    }

    Table table() {
        return table;
    }

    String condition() {
        return String.join(" AND ", conditions);
    }

    Map<String, Object> values() {
        return parameters.values();
    }
}
