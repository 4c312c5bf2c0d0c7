package dev.tidemark.account.quota;

/** The store that tests use. */
final class MemoryQuotaStoreTest extends AbstractQuotaStoreContract {
    private final MemoryQuotaStore store = new MemoryQuotaStore(ACME, GLOBEX);

    @Override
    QuotaStore store() {
        return store;
    }
}
