package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.Block;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredDeadLetter;
import dev.tidemark.store.StoredEvent;
import java.util.List;

/** Another store, which has an owner of its own and stays open; for those that change something of it. */
abstract class ForwardingStore implements EventStore {
    final EventStore store;

    ForwardingStore(EventStore store) {
        this.store = store;
    }

    @Override
    public Rows query(TenantId tenant, Select select) {
        return store.query(tenant, select);
    }

    @Override
    public Block encodeEvents(String token, List<StoredEvent> events) {
        return store.encodeEvents(token, events);
    }

    @Override
    public Block encodeDeadLetters(String token, List<StoredDeadLetter> deadLetters) {
        return store.encodeDeadLetters(token, deadLetters);
    }

    @Override
    public void insert(Block block) {
        store.insert(block);
    }

    @Override
    public boolean healthy() {
        return store.healthy();
    }

    @Override
    public void close() {}
}
