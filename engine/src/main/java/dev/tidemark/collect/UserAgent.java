package dev.tidemark.collect;

import org.jspecify.annotations.Nullable;

/**
 * What a user agent header says.
 *
 * @param deviceType one of desktop, mobile, tablet, tv, bot, other
 */
record UserAgent(
        String deviceType,
        @Nullable String browser,
        @Nullable String browserVersion,
        @Nullable String os,
        @Nullable String osVersion) {}
