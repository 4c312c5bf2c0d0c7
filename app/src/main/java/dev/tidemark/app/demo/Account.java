package dev.tidemark.app.demo;

/** What became of a visitor who signed up. Not thread-safe. */
final class Account {
    private final Visitor visitor;
    private final int company;
    private boolean activated;
    private Plan plan = Plan.FREE;
    private long renewsAtMillis = Long.MAX_VALUE;

    Account(Visitor visitor) {
        this.visitor = visitor;
        this.company = visitor.number() % 400;
    }

    Visitor visitor() {
        return visitor;
    }

    String company() {
        return "Club " + company;
    }

    boolean activated() {
        return activated;
    }

    void activate() {
        activated = true;
    }

    Plan plan() {
        return plan;
    }

    void subscribe(Plan chosen, long renewsAt) {
        plan = chosen;
        renewsAtMillis = renewsAt;
    }

    boolean renewalDue(long atMillis) {
        return atMillis >= renewsAtMillis;
    }

    /** What is sold, by the month. */
    enum Plan {
        FREE("free", 0),
        EXPLORER("explorer", 9),
        SUMMIT("summit", 29),
        CLUB("club", 119);

        private final String wireName;
        private final double monthlyPrice;

        Plan(String wireName, double monthlyPrice) {
            this.wireName = wireName;
            this.monthlyPrice = monthlyPrice;
        }

        String wireName() {
            return wireName;
        }

        double monthlyPrice() {
            return monthlyPrice;
        }
    }
}
