package dev.tidemark.query;

import java.util.List;
import java.util.stream.Stream;

/** Measures that are read alike. Those of one family come from one scan. */
enum Family {
    /** Of the events of a bucket or range. */
    EVENTS,
    /** Of the persons of the days that end with a day. */
    TRAILING,
    /** Of sessions, which are made of events first. */
    SESSIONS,
    /** Of the last minutes. */
    NOW;

    static Family of(Measure.Counted measure) {
        return switch (measure) {
            case Measure.EventCount _,
                    Measure.DistinctUsers _,
                    Measure.Sessions _,
                    Measure.NumericAggregate _,
                    Measure.DistinctValues _,
                    Measure.EventsPerUser _ -> EVENTS;
            case Measure.Trailing _ -> TRAILING;
            case Measure.OfSessions _ -> SESSIONS;
            case Measure.ActiveNow _ -> NOW;
        };
    }

    /** The families of some measures, each once. */
    static List<Family> of(List<Measure> measures) {
        return measures.stream()
                .flatMap(measure ->
                        measure instanceof Measure.Counted counted ? Stream.of(of(counted)) : Stream.<Family>empty())
                .distinct()
                .sorted()
                .toList();
    }
}
