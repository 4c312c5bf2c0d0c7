package dev.tidemark.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The accounts whose events one connection sends, and no other one: with one request in flight, the events of an account are
 * acknowledged in the order in which they stand in the journal, so that the n-th acknowledged is the n-th counted. Remembers what the
 * request under way holds. Not thread-safe.
 */
final class AccountShare {
    /** People of each account. */
    static final int PEOPLE = 100;

    private final Account[] accounts;
    private final int[] drawn;
    private final AckLog ofTenant;

    /** An account with the acknowledgements of its events. */
    record Account(int number, AckLog acknowledged) {
        /** As it stands in the property {@code account} of its events. */
        static String name(int number) {
            return String.format(Locale.ROOT, "a%0" + EventTemplate.ACCOUNT_DIGITS + "d", number);
        }
    }

    /**
     * A share of a tenant's accounts.
     *
     * @param accounts at least one
     * @param ofTenant the acknowledgements of all events of the tenant
     */
    AccountShare(List<Account> accounts, AckLog ofTenant) {
        if (accounts.isEmpty()) {
            throw new IllegalArgumentException("a connection without accounts");
        }
        this.accounts = accounts.toArray(Account[]::new);
        this.drawn = new int[accounts.size()];
        this.ofTenant = ofTenant;
    }

    /** The number of one of an account's people. */
    static int person(int account, int rank) {
        return account * PEOPLE + rank;
    }

    /** Forgets the request before. */
    void begin() {
        Arrays.fill(drawn, 0);
    }

    /** The number of the account of the next event of the request, all equally likely. */
    int draw(RandomGenerator random) {
        int index = random.nextInt(accounts.length);
        drawn[index]++;
        return accounts[index].number();
    }

    /** Notes that the request was acknowledged. */
    void acknowledged(long nanos) {
        int all = 0;
        for (int i = 0; i < drawn.length; i++) {
            if (drawn[i] > 0) {
                accounts[i].acknowledged().add(drawn[i], nanos);
                all += drawn[i];
            }
        }
        ofTenant.add(all, nanos);
    }
}
