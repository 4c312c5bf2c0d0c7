package dev.tidemark.query;

import java.util.Locale;

/** What is counted at a day of the persons of the days that end with it. */
public enum TrailingFunction {
    /** Daily active users. */
    DAU(1),
    /** Weekly active users, of 7 days. */
    WAU(7),
    /** Monthly active users, of 30 days. */
    MAU(30),
    /** Daily by monthly active users. */
    STICKINESS(30);

    private final int days;

    TrailingFunction(int days) {
        this.days = days;
    }

    /** How many days it looks at, the day itself included. */
    int days() {
        return days;
    }

    /** The word in questions, as in {@code mau}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
