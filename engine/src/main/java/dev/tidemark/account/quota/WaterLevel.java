package dev.tidemark.account.quota;

/**
 * How many events a second any tenant may send, from how busy the machine is: max-min fairness, since only who sends more than the level
 * notices it, and all of those get the same. The level falls fast while the machine is busy and rises slowly when it is calm; between the
 * two it stays. There is none while nobody needs room: one tenant alone, or several that all send alike, may take everything.
 *
 * <p>It never falls below an equal share of the most that the server has taken in a second lately: who takes no more is never held back,
 * and a machine that others keep busy does not starve its largest tenant. Not thread-safe.
 */
final class WaterLevel {
    static final double NONE = Double.POSITIVE_INFINITY;

    private static final double FALL = 0.85;
    private static final double RISE = 1.05;
    /** What is sent comes in bursts, so the level is not taken down to what was sent in one moment. */
    private static final double SLACK = 1.5;

    /** A level that is so many times what anyone sends holds nobody back. */
    private static final double IDLE = 4;

    private static final double SMOOTHING = 0.5;
    /** Of the most that was taken, for each look: half of it after five minutes. */
    private static final double FORGETTING = 0.9994;

    private final FairnessSettings settings;
    private double level = NONE;
    /** The last one that there was, risen since: who begins again is not as far from it as from none. */
    private double former = NONE;

    private double load;
    private double most;

    WaterLevel(FairnessSettings settings) {
        this.settings = settings;
    }

    /**
     * What tenants send in the moment.
     *
     * @param active tenants that sent or asked something lately
     * @param total events a second of all
     * @param heaviest of the tenant that sends most
     * @param lightest of the one that sends least
     */
    record Rates(int active, double total, double heaviest, double lightest) {}

    /**
     * Looks four times a second.
     *
     * @param loadNow share of the processors that is in use, 0 to 1
     * @return the level from now on
     */
    double look(double loadNow, Rates rates) {
        load += SMOOTHING * (Math.clamp(loadNow, 0, 1) - load);
        most = Math.max(most * FORGETTING, rates.total);
        if (settings.busyFrom() <= 0 || !someoneNeedsRoom(rates)) {
            level = NONE;
        } else if (load > settings.busyFrom()) {
            double from = level == NONE ? Math.min(former, rates.heaviest) : Math.min(level, rates.heaviest * SLACK);
            level = Math.max(floor(rates), from * FALL);
        } else if (load < settings.calmTo()) {
            level *= RISE;
            if (level > IDLE * Math.max(rates.heaviest, floor(rates))) {
                level = NONE;
            }
        }
        former = level == NONE ? former * RISE : level;
        return level;
    }

    /** Where all send alike, nobody takes anything from anyone. */
    private static boolean someoneNeedsRoom(Rates rates) {
        return rates.active > 1 && rates.lightest * rates.active < rates.total / 2;
    }

    private double floor(Rates rates) {
        return Math.max(settings.leastEventsPerSecond(), most / Math.max(1, rates.active));
    }
}
