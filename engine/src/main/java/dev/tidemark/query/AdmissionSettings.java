package dev.tidemark.query;

import dev.tidemark.base.Lane;
import java.time.Duration;

/**
 * Who gets to the engine, and when.
 *
 * @param small how many small statements run at a time
 * @param middling how many middling ones run at a time, besides
 * @param heavy how many heavy ones run at a time, besides; one tenant gets at most three quarters of each, one at least
 * @param smallWaiting how many small ones of a tenant may wait, and how many middling ones; more are refused at once
 * @param heavyWaiting how many heavy ones of a tenant may wait
 * @param longestWait after which a statement is refused
 * @param middlingRows from how many rows on a statement is middling
 * @param heavyRows from how many rows on a statement is heavy
 * @param sharedThreads of a heavy statement that starts while others that are not small run; middling ones share the cores then
 * @param modestCores how much of the engine a tenant may take in the mean of seconds, while others ask too, before its statements are kept to a thread each
 * @param active how long after its last statement a tenant counts as one of those others
 */
public record AdmissionSettings(
        int small,
        int middling,
        int heavy,
        int smallWaiting,
        int heavyWaiting,
        Duration longestWait,
        long middlingRows,
        long heavyRows,
        int sharedThreads,
        double modestCores,
        Duration active) {

    /** For a machine of so many cores. */
    public static AdmissionSettings ofCores(int cores) {
        return new AdmissionSettings(
                Math.max(4, cores * 2),
                Math.max(2, cores),
                Math.max(2, cores / 2),
                256,
                64,
                Duration.ofSeconds(30),
                100_000,
                1_000_000,
                Math.max(1, cores / 2),
                cores / 8.0,
                Duration.ofMillis(250));
    }

    /** Of a statement that is the only one that is not small, where other tenants have asked lately. */
    int threadsAmongOthers() {
        return Lane.shareOf(middling);
    }
}
