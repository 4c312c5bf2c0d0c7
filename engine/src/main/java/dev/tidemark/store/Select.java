package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One SELECT of one tenant. The only way to make SQL for {@link EventStore#query}: whatever reads a table does so behind the
 * tenant's filter, which the builder writes and nobody can leave out. Expressions given to it are code of ours with
 * placeholders from {@link Parameters}; text from a caller never becomes part of them.
 */
public final class Select {
    /** Of rows that their tenant's retention has let go, whether a merge has removed them yet or not. */
    static final String EXPIRED = "expires_on <= toDate(now('UTC'))";

    private static final String NOT_EXPIRED = "expires_on > toDate(now('UTC'))";

    private final String sql;
    private final Parameters parameters;

    private Select(String sql, Parameters parameters) {
        this.sql = sql;
        this.parameters = parameters;
    }

    /** Starts a select from a table, limited to the rows of the tenant that the parameters are of. */
    public static Builder from(Table table, Parameters parameters) {
        return from(new Reading(table, Long.MIN_VALUE, Long.MAX_VALUE), parameters);
    }

    /** The same where only rows of a range of time are looked at; the caller adds the conditions for that. */
    public static Builder from(Reading reading, Parameters parameters) {
        Table table = reading.table();
        parameters.reads(reading);
        Builder builder = new Builder(table.source(), true, parameters);
        builder.conditions.add("tenant_id = " + parameters.tenantPlaceholder());
        if (table.expires()) {
            builder.conditions.add(NOT_EXPIRED);
        }
        return builder;
    }

    /** Starts a select from the rows of another, with the same parameters. */
    public static Builder from(Select inner) {
        return new Builder("(" + inner.sql + ")", false, inner.parameters);
    }

    /** All rows of several selects, which have the same parameters and columns. */
    public static Select unionAll(List<Select> parts) {
        Select first = parts.getFirst();
        List<String> texts = new ArrayList<>();
        for (Select part : parts) {
            if (part.parameters != first.parameters) {
                throw new TidemarkException(ErrorCode.INTERNAL, "a union must be of one set of parameters");
            }
            texts.add(part.sql);
        }
        return new Select(String.join("\nUNION ALL\n", texts), first.parameters);
    }

    public TenantId tenant() {
        return parameters.tenant();
    }

    /** The text with placeholders, for explanation and for the engine. */
    public String sql() {
        return sql;
    }

    /** The values of the placeholders by name. */
    public Map<String, Object> values() {
        return parameters.values();
    }

    /** What it reads, with everything that is nested in it. */
    public List<Reading> readings() {
        return parameters.readings();
    }

    /** The tables that it reads, with those of everything that is nested in it. */
    public Set<Table> tables() {
        return parameters.readings().stream().map(Reading::table).collect(Collectors.toSet());
    }

    /** How the engine is to read the columns of the rows. */
    ReadingSteps readingSteps() {
        if (tables().stream().allMatch(Table::isRollup)) {
            return ReadingSteps.CONDITIONS_FIRST;
        }
        boolean ofEvents = tables().equals(Set.of(Table.EVENTS));
        return ofEvents && !parameters.narrowed() ? ReadingSteps.ALL_AT_ONCE : ReadingSteps.AS_THE_ENGINE_CHOOSES;
    }

    @Override
    public String toString() {
        return sql;
    }

    /** Collects the parts of a select. Not thread-safe. */
    public static final class Builder {
        private final String source;
        private final boolean ofTable;
        private final Parameters parameters;
        private final List<String> columns = new ArrayList<>();
        private final List<String> conditions = new ArrayList<>();
        private final List<String> groups = new ArrayList<>();
        private final List<String> orders = new ArrayList<>();
        private @Nullable String arrayJoin;
        private boolean totals;
        private @Nullable String having;
        private long mostGroups;
        private long mostBytes;
        private long limit = -1;
        private long offset;

        private Builder(String source, boolean ofTable, Parameters parameters) {
            this.source = source;
            this.ofTable = ofTable;
            this.parameters = parameters;
        }

        public Parameters parameters() {
            return parameters;
        }

        public Builder column(String expression, String alias) {
            columns.add(expression + " AS " + alias);
            return this;
        }

        /** A further condition; all must hold. */
        public Builder where(String condition) {
            if (ofTable) {
                parameters.narrows();
            }
            return within(condition);
        }

        /**
         * The same of one that most rows pass, or that few pass whose place in the table its key tells: of time, of the type of event, that there is a
         * person. It is no quicker to look at its columns before the others are read.
         */
        public Builder within(String condition) {
            conditions.add("(" + condition + ")");
            return this;
        }

        public Builder arrayJoin(String expression) {
            this.arrayJoin = expression;
            return this;
        }

        public Builder groupBy(String expression) {
            groups.add(expression);
            return this;
        }

        /** Adds a row over all groups, which {@link Rows#totals} has; a limit does not change it. */
        public Builder withTotals() {
            this.totals = true;
            return this;
        }

        /** Ends with the groups so far once there are more than so many; then the result has more than so many. */
        public Builder mostGroups(long groups) {
            this.mostGroups = groups;
            return this;
        }

        /** Fails with {@code QUERY_TOO_EXPENSIVE} where the result would take about so many bytes of the engine, or more. */
        public Builder mostBytes(long bytes) {
            this.mostBytes = bytes;
            return this;
        }

        public Builder having(String condition) {
            this.having = condition;
            return this;
        }

        public Builder orderBy(String expression) {
            orders.add(expression);
            return this;
        }

        public Builder limit(long rows, long skip) {
            this.limit = rows;
            this.offset = skip;
            return this;
        }

        public Select build() {
            StringBuilder text = new StringBuilder("SELECT ").append(String.join(", ", columns));
            text.append("\nFROM ").append(source);
            if (arrayJoin != null) {
                text.append("\nARRAY JOIN ").append(arrayJoin);
            }
            if (!conditions.isEmpty()) {
                text.append("\nWHERE ").append(String.join("\n  AND ", conditions));
            }
            if (!groups.isEmpty()) {
                text.append("\nGROUP BY ").append(String.join(", ", groups));
            }
            if (totals) {
                text.append(" WITH TOTALS");
            }
            if (having != null) {
                text.append("\nHAVING ").append(having);
            }
            if (!orders.isEmpty()) {
                text.append("\nORDER BY ").append(String.join(", ", orders));
            }
            if (limit >= 0) {
                text.append("\nLIMIT ").append(limit);
            }
            if (offset > 0) {
                text.append(" OFFSET ").append(offset);
            }
            List<String> settings = new ArrayList<>();
            if (mostGroups > 0) {
                settings.add("max_rows_to_group_by = " + mostGroups + ", group_by_overflow_mode = 'break'");
            }
            if (mostBytes > 0) {
                settings.add("max_result_bytes = " + mostBytes + ", result_overflow_mode = 'throw'");
            }
            if (!settings.isEmpty()) {
                text.append("\nSETTINGS ").append(String.join(", ", settings));
            }
            return new Select(text.toString(), parameters);
        }
    }
}
