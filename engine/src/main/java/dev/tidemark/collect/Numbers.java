package dev.tidemark.collect;

import java.math.BigDecimal;

/** Numbers as texts that patterns can be held against. */
final class Numbers {
    private Numbers() {}

    /** Without exponent or a fraction of zero: {@code 4111111111111111}, not {@code 4.111111111111111E15}. */
    static String plain(double value) {
        return value == Math.rint(value)
                ? new BigDecimal(value).toPlainString()
                : BigDecimal.valueOf(value).toPlainString();
    }
}
