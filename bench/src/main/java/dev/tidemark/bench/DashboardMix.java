package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which dashboards are watched: what a platform has that shows each of its customers their own numbers. A few report definitions are
 * seen with tokens that each lock an account; one dashboard in fifty is a report of its own about the whole tenant.
 */
final class DashboardMix {
    static final List<String> KINDS = List.of("overview", "commerce", "conversion", "content", "right-now");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ONE_WHOLE_IN = 50;
    private static final String[] CATEGORIES = {
        "shoes", "jackets", "tents", "backpacks", "stoves", "maps", "ropes", "lamps", "bottles", "socks"
    };
    private static final int TOKEN_SECONDS = 86_400;

    private final int dashboards;
    private final List<TidemarkClient> tenants;
    private final List<AckLog> ofTenants;

    /**
     * A mix.
     *
     * @param tenants with their secret keys
     * @param ofTenants the acknowledgements of all events, one log a tenant
     */
    DashboardMix(int dashboards, List<TidemarkClient> tenants, List<AckLog> ofTenants) {
        this.dashboards = dashboards;
        this.tenants = List.copyOf(tenants);
        this.ofTenants = List.copyOf(ofTenants);
    }

    /** How many of the dashboards show a whole tenant; they are the last. */
    static int whole(int dashboards) {
        return dashboards < 2 ? 0 : Math.max(1, dashboards / ONE_WHOLE_IN);
    }

    /** Makes the reports and their tokens. Dashboards of an account have the account's number. */
    List<Dashboard> create() throws IOException, InterruptedException {
        String[][] shared = new String[tenants.size()][KINDS.size()];
        List<Dashboard> made = new ArrayList<>();
        int ofAccounts = dashboards - whole(dashboards);
        for (int number = 0; number < dashboards; number++) {
            int tenant = number % tenants.size();
            int kind = number / tenants.size() % KINDS.size();
            ObjectNode definition = definition(KINDS.get(kind));
            if (number < ofAccounts) {
                String report = shared[tenant][kind];
                if (report == null) {
                    report = report(tenant, definition);
                    shared[tenant][kind] = report;
                }
                ObjectNode lock = Questions.propertyEquals("properties.account", AccountShare.Account.name(number));
                made.add(new Dashboard(
                        number, tenant, KINDS.get(kind), report, token(tenant, report, lock), new AckLog()));
            } else {
                String report = report(tenant, narrowed(definition, number));
                made.add(new Dashboard(
                        number,
                        tenant,
                        "whole tenant, " + KINDS.get(kind),
                        report,
                        token(tenant, report, null),
                        ofTenants.get(tenant)));
            }
        }
        return made;
    }

    static ObjectNode definition(String kind) throws IOException {
        String path = "reports/" + kind + ".json";
        try (InputStream stream = DashboardMix.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IOException("the resource " + path + " is missing");
            }
            return (ObjectNode) JSON.readTree(stream);
        }
    }

    /** A report of its own: all widgets but the first are about one category. */
    private static ObjectNode narrowed(ObjectNode definition, int number) {
        String category = CATEGORIES[number % CATEGORIES.length];
        definition.put("report_name", definition.path("report_name").asText() + " of " + category + ", " + number);
        for (int i = 1; i < definition.path("widgets").size(); i++) {
            ((ObjectNode) definition.path("widgets").get(i).path("question"))
                    .set("filter", Questions.propertyEquals("properties.category", category));
        }
        return definition;
    }

    private String report(int tenant, ObjectNode definition) throws IOException, InterruptedException {
        return text(tenants.get(tenant).call("POST", "/api/v1/reports", definition.toString()), "report_id");
    }

    private String token(int tenant, String report, @Nullable ObjectNode filter)
            throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("expires_in", TOKEN_SECONDS);
        if (filter != null) {
            body.set("filter", filter);
        }
        return text(
                tenants.get(tenant).call("POST", "/api/v1/reports/" + report + "/embed-tokens", body.toString()),
                "token");
    }

    private static String text(TidemarkClient.Answer answer, String member) throws IOException {
        JsonNode value = answer.json().path(member);
        if (answer.status() != 201 || !value.isTextual()) {
            throw new IOException("a dashboard could not be made: " + answer);
        }
        return value.textValue();
    }
}
