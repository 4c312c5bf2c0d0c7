package dev.tidemark.app;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** What came of hostile requests. Thread-safe. */
final class HostileTally {
    /** What tells of the inside: stacks, classes, statements, paths. */
    private static final Pattern INSIDE = Pattern.compile(
            "\\bat [a-z]\\w*(\\.\\w+)+\\(|(java|io|com|org|dev)\\.(\\w+\\.)+\\w*(Exception|Error)\\b|\\bSQLITE_|\\bDB::Exception"
                    + "|\\bCode: \\d+\\. DB|\\bSELECT .+ FROM events\\b|/target/classes");

    private final Map<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<String> secrets;
    private final LongAdder sent = new LongAdder();
    private final LongAdder closed = new LongAdder();

    HostileTally(List<String> secrets) {
        this.secrets = secrets;
    }

    void answered(int status, String answer, HostileRequests.Exchange exchange) {
        byStatus.computeIfAbsent(status, _ -> new LongAdder()).increment();
        if (status == 501 && exchange.ofUnknownVersion()) {
            return;
        }
        if (status >= 500) {
            failed(answer + "\n  for " + exchange);
        }
        for (String secret : secrets) {
            if (answer.contains(secret) && !exchange.asksForUsers()) {
                failed("a secret in " + answer + "\n  for " + exchange);
            }
        }
        if (INSIDE.matcher(answer).find()) {
            failed("something of the inside in " + answer + "\n  for " + exchange);
        }
        if (headOf(answer).lines().anyMatch(line -> line.startsWith("Set-Cookie: planted"))) {
            failed("a header was planted in " + answer + "\n  for " + exchange);
        }
    }

    /** A text that somebody has sent may stand in a file that is exported, with whatever lines it has. */
    private static String headOf(String answer) {
        int end = answer.indexOf("\n\n");
        return end < 0 ? answer : answer.substring(0, end);
    }

    void sent(int requests) {
        sent.add(requests);
    }

    void closedEarly() {
        closed.increment();
    }

    void failed(String what) {
        failures.add(what.length() > 3_000 ? what.substring(0, 3_000) : what);
    }

    Collection<String> failures() {
        return failures;
    }

    long sent() {
        return sent.sum();
    }

    long answered() {
        return byStatus.values().stream().mapToLong(LongAdder::sum).sum();
    }

    long answered(int from, int until) {
        return byStatus.entrySet().stream()
                .filter(each -> each.getKey() >= from && each.getKey() < until)
                .mapToLong(each -> each.getValue().sum())
                .sum();
    }

    long closed() {
        return closed.sum();
    }

    @Override
    public String toString() {
        return sent + " sent, answers by status " + byStatus + ", connections closed early " + closed + ", failures "
                + failures.size();
    }
}
