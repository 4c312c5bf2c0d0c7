package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.Block;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.RowSink;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredDeadLetter;
import dev.tidemark.store.StoredEvent;
import java.io.OutputStream;
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
    public Block encodeCohortMembers(String token, TenantId tenant, String list, List<Long> persons) {
        return store.encodeCohortMembers(token, tenant, list, persons);
    }

    @Override
    public void stream(TenantId tenant, Select select, RowSink sink) {
        store.stream(tenant, select, sink);
    }

    @Override
    public void parquet(TenantId tenant, Select select, OutputStream target) {
        store.parquet(tenant, select, target);
    }

    @Override
    public void addCohortMembers(TenantId tenant, String list, Select persons, long atMost) {
        store.addCohortMembers(tenant, list, persons, atMost);
    }

    @Override
    public void removeCohortMembers(TenantId tenant, String list) {
        store.removeCohortMembers(tenant, list);
    }

    @Override
    public boolean healthy() {
        return store.healthy();
    }

    @Override
    public void close() {}
}
