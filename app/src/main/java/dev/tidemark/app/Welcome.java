package dev.tidemark.app;

import dev.tidemark.base.Secret;
import java.util.Locale;

/** What is printed when the server is ready. */
final class Welcome {
    private Welcome() {}

    static String text(RunningServer server, double secondsToReady) {
        String url = server.url().toString();
        String writeKey = server.credentials().writeKey().reveal();
        String secretKey = server.credentials().secretKey().reveal();
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%nTidemark is ready (%.1f s)%n%n", secondsToReady));
        line(text, "Dashboard", url + "/#key=" + secretKey);
        if (server.demo()) {
            line(text, "Host page", url + "/demo/host");
            line(text, "", "a page of another product, with a report in it");
        }
        Secret setup = server.setup();
        if (setup != null) {
            line(text, "Set up", url + "/#link=" + setup.reveal());
            line(text, "", "makes the first administrator; good once, for 24 hours");
        }
        text.append("\n  Send an event\n\n");
        text.append("    curl -X POST ").append(url).append("/api/v1/events \\\n");
        text.append("      -H 'Authorization: Bearer ").append(writeKey).append("' \\\n");
        text.append("      -H 'Content-Type: application/json' \\\n");
        text.append("      -d '{\"event_type\":\"purchase\",\"user_id\":\"ada\",\"properties\":{\"amount\":29}}'\n\n");
        line(text, "Tenant", server.credentials().tenant().value());
        line(text, "Write key", writeKey + "   public: may only send events");
        line(text, "Secret key", secretKey + "   for your servers only");
        line(text, "Data", server.data().toString());
        line(text, "Stop", "Ctrl-C");
        return text.append('\n').toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-12s %s%n", name, value));
    }
}
