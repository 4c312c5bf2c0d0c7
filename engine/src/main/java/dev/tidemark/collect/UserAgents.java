package dev.tidemark.collect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ua_parser.Client;
import ua_parser.Parser;

/**
 * Reads user agents with the rules of the ua-parser project. Parsing tries about a thousand expressions, a millisecond or so: too
 * long for an event loop, which asks {@link #cached} and leaves the rest to others. Thread-safe.
 */
public final class UserAgents {
    private static final int KEPT = 20_000;
    private static final Set<String> DESKTOP_SYSTEMS = Set.of(
            "Windows",
            "Mac OS X",
            "Mac OS",
            "Linux",
            "Ubuntu",
            "Chrome OS",
            "Fedora",
            "Debian",
            "FreeBSD",
            "OpenBSD",
            "NetBSD",
            "Red Hat",
            "CentOS",
            "SUSE",
            "Gentoo",
            "Arch Linux",
            "Linux Mint",
            "Kubuntu",
            "Solaris");
    private static final Set<String> MOBILE_SYSTEMS = Set.of(
            "Windows Phone", "BlackBerry OS", "BlackBerry", "KaiOS", "Symbian OS", "Firefox OS", "Windows Mobile");
    private static final List<String> TELEVISIONS = List.of(
            "SmartTV",
            "SMART-TV",
            "Smart TV",
            "HbbTV",
            "AppleTV",
            "Apple TV",
            "GoogleTV",
            "Google TV",
            "Android TV",
            "BRAVIA",
            "Roku",
            "CrKey",
            "; AFT",
            "NetCast",
            "Web0S",
            "VIDAA");

    private final Parser parser = new Parser();
    private final Cache<String, UserAgent> known =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    UserAgent parse(String userAgent) {
        return known.get(Texts.head(userAgent, Limits.USER_AGENT_CHARS), this::read);
    }

    @Nullable
    UserAgent cached(String userAgent) {
        return known.getIfPresent(Texts.head(userAgent, Limits.USER_AGENT_CHARS));
    }

    private UserAgent read(String text) {
        Client client = parser.parse(text);
        String os = named(client.os.family);
        String browser = named(client.userAgent.family);
        return new UserAgent(
                deviceType(text, client.device.family, os),
                browser,
                browser == null ? null : client.userAgent.major,
                os,
                os == null ? null : version(client.os.major, client.os.minor));
    }

    private static String deviceType(String text, String device, @Nullable String os) {
        if (device.equals("Spider")) {
            return "bot";
        }
        if ("tvOS".equals(os) || TELEVISIONS.stream().anyMatch(text::contains)) {
            return "tv";
        }
        if (device.startsWith("iPad")
                || text.contains("Tablet")
                || text.contains("Kindle")
                || text.contains("Silk/")
                || ("Android".equals(os) && !text.contains("Mobile"))) {
            return "tablet";
        }
        if (device.startsWith("iPhone")
                || device.startsWith("iPod")
                || "Android".equals(os)
                || "iOS".equals(os)
                || (os != null && MOBILE_SYSTEMS.contains(os))
                || text.contains("Mobile")) {
            return "mobile";
        }
        return os != null && DESKTOP_SYSTEMS.contains(os) ? "desktop" : "other";
    }

    private static @Nullable String named(@Nullable String family) {
        return family == null || family.equals("Other") ? null : family;
    }

    private static @Nullable String version(@Nullable String major, @Nullable String minor) {
        return major == null || minor == null ? major : major + '.' + minor;
    }
}
