package dev.tidemark.query;

import java.math.BigInteger;

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

    /** Of the periods from one up to another. */
    String between(int from, int to) {
        BigInteger bits = BigInteger.ONE.shiftLeft(to).subtract(BigInteger.ONE.shiftLeft(from));
        return cast("'" + bits + "'");
    }

    /** An aggregate. */
    String union(String period, String condition) {
        return "groupBitOrIf(" + bit(period) + ", " + condition + ")";
    }
}
