package dev.tidemark.app.demo;

import static dev.tidemark.app.demo.Weighted.weigh;

import dev.tidemark.base.ContextField;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Somebody who visits the fictional company's site: always the same person for the same number.
 *
 * @param source where they came from first
 * @param keenness how likely they do more than look, 0 to 1
 */
record Visitor(int number, Place place, Device device, Source source, double keenness) {
    private static final long SEED = 0x7469_6465_6d61_726bL;

    private static final Weighted<Place> PLACES = Weighted.of(
            weigh(24, new Place("DE", "Germany", "Berlin", "de-DE", 1)),
            weigh(9, new Place("DE", "Germany", "Munich", "de-DE", 1)),
            weigh(18, new Place("US", "United States", "Denver", "en-US", -7)),
            weigh(9, new Place("US", "United States", "Seattle", "en-US", -8)),
            weigh(11, new Place("GB", "United Kingdom", "Leeds", "en-GB", 0)),
            weigh(8, new Place("CH", "Switzerland", "Bern", "de-CH", 1)),
            weigh(7, new Place("NO", "Norway", "Bergen", "nb-NO", 1)),
            weigh(6, new Place("FR", "France", "Grenoble", "fr-FR", 1)),
            weigh(5, new Place("AT", "Austria", "Innsbruck", "de-AT", 1)),
            weigh(4, new Place("CA", "Canada", "Calgary", "en-CA", -7)),
            weigh(3, new Place("JP", "Japan", "Nagano", "ja-JP", 9)),
            weigh(2, new Place("NZ", "New Zealand", "Nelson", "en-NZ", 12)));
    private static final Weighted<Device> DEVICES = Weighted.of(
            weigh(30, new Device("desktop", "Chrome", "141", "Windows", "11")),
            weigh(13, new Device("desktop", "Safari", "19", "Mac OS X", "15")),
            weigh(8, new Device("desktop", "Firefox", "144", "Linux", "")),
            weigh(6, new Device("desktop", "Edge", "141", "Windows", "11")),
            weigh(22, new Device("mobile", "Chrome Mobile", "141", "Android", "15")),
            weigh(17, new Device("mobile", "Mobile Safari", "19", "iOS", "19")),
            weigh(4, new Device("tablet", "Mobile Safari", "19", "iOS", "19")));
    private static final Weighted<Source> SOURCES = Weighted.of(
            weigh(30, new Source("", "", "", "", 1.0)),
            weigh(27, new Source("https://www.google.com/", "google", "organic", "", 1.1)),
            weigh(11, new Source("https://www.google.com/", "google", "cpc", "summer-hikes", 1.3)),
            weigh(9, new Source("https://www.instagram.com/", "instagram", "social", "summit-photos", 0.5)),
            weigh(8, new Source("https://news.fernweh.example/", "newsletter", "email", "weekly-letter", 1.9)),
            weigh(7, new Source("https://www.youtube.com/", "youtube", "social", "", 0.8)),
            weigh(5, new Source("https://outdoor-forum.example/", "outdoor-forum", "referral", "", 1.2)),
            weigh(3, new Source("https://alpine-club.example/", "alpine-club", "partner", "club-offer", 1.7)));

    /** The visitor of that number. */
    static Visitor of(int number) {
        RandomGenerator random = new SplittableRandom(SEED + number * 0x9E37_79B9L);
        return new Visitor(
                number,
                PLACES.pick(random),
                DEVICES.pick(random),
                SOURCES.pick(random),
                Math.pow(random.nextDouble(), 2));
    }

    String anonymousId() {
        return "visitor-" + number;
    }

    String userId() {
        return "user-" + number;
    }

    /** What is the same in everything they do. */
    Map<ContextField, String> context() {
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        context.put(ContextField.COUNTRY, place.country());
        context.put(ContextField.CITY, place.city());
        context.put(ContextField.LOCALE, place.locale());
        context.put(ContextField.DEVICE_TYPE, device.type());
        context.put(ContextField.BROWSER, device.browser());
        context.put(ContextField.BROWSER_VERSION, device.browserVersion());
        context.put(ContextField.OS, device.os());
        context.put(ContextField.OS_VERSION, device.osVersion());
        context.put(ContextField.SDK, "tidemark-demo");
        context.values().removeIf(String::isEmpty);
        return context;
    }

    /** @param utcOffset hours, for the rhythm of their day */
    record Place(String country, String countryName, String city, String locale, int utcOffset) {}

    /** What they hold in their hands. */
    record Device(String type, String browser, String browserVersion, String os, String osVersion) {}

    /** @param quality how much more or less likely than others they sign up */
    record Source(String referrer, String utmSource, String utmMedium, String utmCampaign, double quality) {
        String referrerHost() {
            List<String> parts = List.of(referrer.split("/", -1));
            return parts.size() > 2 ? parts.get(2) : "";
        }
    }
}
