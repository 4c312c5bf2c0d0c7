package dev.tidemark.cohort;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.UuidV7;
import dev.tidemark.cohort.CohortStore.AbandonedList;
import dev.tidemark.query.CohortPeople;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Select;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills and removes lists of persons in the event store. A list belongs to nobody until a cohort is stored that names it; lists that
 * a failure or a crash left behind are removed by the next sweep. Blocking; thread-safe.
 */
final class MemberLists {
    private static final Logger LOG = LoggerFactory.getLogger(MemberLists.class);
    private static final int PERSONS_A_BLOCK = 100_000;

    private final CohortStore store;
    private final EventStore events;
    private final CohortPeople people;
    private final UuidV7 ids;
    private final Set<MemberList> underWay = ConcurrentHashMap.newKeySet();

    MemberLists(CohortStore store, EventStore events, UuidV7 ids) {
        this.store = store;
        this.events = events;
        this.people = new CohortPeople(events);
        this.ids = ids;
    }

    /**
     * Makes a list, fills it, and lets it be adopted; when anything fails on the way, there is no list.
     *
     * @param adopted stores the cohort that the list is of
     */
    void make(TenantId tenant, Consumer<MemberList> filled, Consumer<MemberList> adopted) {
        MemberList list = new MemberList(ids.next().toString());
        underWay.add(list);
        try {
            store.abandon(new AbandonedList(tenant, list));
            filled.accept(list);
            requireRoom(people.listed(tenant, list.value()));
            adopted.accept(list);
        } finally {
            underWay.remove(list);
            sweep();
        }
    }

    void add(TenantId tenant, MemberList list, List<Long> persons) {
        for (int from = 0; from < persons.size(); from += PERSONS_A_BLOCK) {
            List<Long> some = persons.subList(from, Math.min(persons.size(), from + PERSONS_A_BLOCK));
            events.insert(events.encodeCohortMembers(token(list, some), tenant, list.value(), some));
        }
    }

    void add(TenantId tenant, MemberList list, Select persons) {
        events.addCohortMembers(tenant, list.value(), persons, Cohorts.MAX_MEMBERS + 1L);
    }

    static void requireRoom(long members) {
        if (members > Cohorts.MAX_MEMBERS) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT, "a static cohort can have at most " + Cohorts.MAX_MEMBERS + " members");
        }
    }

    /** Removes the lists that nobody has any more. What cannot be removed now is left to the next sweep. */
    void sweep() {
        for (AbandonedList abandoned : store.abandoned()) {
            if (underWay.contains(abandoned.list())) {
                continue;
            }
            try {
                events.removeCohortMembers(abandoned.tenant(), abandoned.list().value());
                store.removed(abandoned);
            } catch (TidemarkException failure) {
                LOG.atInfo()
                        .addKeyValue("list", abandoned.list())
                        .addKeyValue("why", failure.detail())
                        .log("An abandoned list of persons could not be removed yet");
                return;
            }
        }
    }

    /** The same for the same persons, so that it does no harm to send them again. */
    private static String token(MemberList list, List<Long> persons) {
        ByteBuffer bytes = ByteBuffer.allocate(persons.size() * Long.BYTES);
        persons.forEach(bytes::putLong);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return "cohort-" + list + "-" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "SHA-256 is missing", e);
        }
    }
}
