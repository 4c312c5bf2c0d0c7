package dev.tidemark.query;

/** A set of periods as the bits of an unsigned number that is wide enough, in SQL. */
record PeriodMask(int size) {

    private String type() {
        return size < Long.SIZE ? "toUInt64" : "toUInt256";
    }

    String cast(String mask) {
        return type() + "(" + mask + ")";
    }

    String none() {
        return cast("0");
    }

    /** Of a period that there is. */
    String bit(String period) {
        return "bitShiftLeft(" + cast("1") + ", toUInt16(" + period + "))";
    }

    /** Of the first periods, as many as are given. */
    String first(String periods) {
        return cast(bit(periods) + " - 1");
    }

    /** An aggregate. */
    String union(String period, String condition) {
        return "groupBitOrIf(" + bit(period) + ", " + condition + ")";
    }
}
