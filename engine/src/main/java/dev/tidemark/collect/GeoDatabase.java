package dev.tidemark.collect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.maxmind.db.CHMCache;
import com.maxmind.db.Reader;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds places in a MaxMind City or Country database, or finds nothing where no database was given. Thread-safe. */
final class GeoDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GeoDatabase.class);
    private static final int ADDRESSES_KEPT = 50_000;

    private final @Nullable Reader reader;
    private final Cache<String, Place> known =
            Caffeine.newBuilder().maximumSize(ADDRESSES_KEPT).build();

    private GeoDatabase(@Nullable Reader reader) {
        this.reader = reader;
    }

    /** Fails with {@code INVALID_CONFIGURATION}, naming the file, when it is not a database. */
    static GeoDatabase open(@Nullable Path file) {
        if (file == null) {
            return new GeoDatabase(null);
        }
        try {
            return new GeoDatabase(new Reader(file.toFile(), new CHMCache()));
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "geo-database: " + file + " is not a readable MaxMind database",
                    e);
        }
    }

    Place find(String address) {
        return reader == null ? Place.UNKNOWN : known.get(address, this::lookUp);
    }

    private Place lookUp(String address) {
        try {
            Map<?, ?> found = reader == null ? null : reader.get(InetAddress.ofLiteral(address), Map.class);
            return found == null ? Place.UNKNOWN : place(found);
        } catch (IllegalArgumentException _) {
            return Place.UNKNOWN;
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("geo database could not be read");
            return Place.UNKNOWN;
        }
    }

    private static Place place(Map<?, ?> found) {
        Map<?, ?> country = map(found.get("country"));
        if (country.isEmpty()) {
            country = map(found.get("registered_country"));
        }
        Map<?, ?> region =
                found.get("subdivisions") instanceof List<?> list && !list.isEmpty() ? map(list.getFirst()) : Map.of();
        String regionName = english(region);
        return new Place(
                text(country.get("iso_code")),
                regionName == null ? text(region.get("iso_code")) : regionName,
                english(map(found.get("city"))));
    }

    private static @Nullable String english(Map<?, ?> place) {
        return text(map(place.get("names")).get("en"));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String text ? text : null;
    }

    @Override
    public void close() {
        try {
            if (reader != null) {
                reader.close();
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("geo database could not be closed");
        }
    }
}
