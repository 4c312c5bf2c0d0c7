package dev.tidemark.store;

/** The contract on the supervised child. */
final class SupervisedEventStoreTest extends AbstractEventStoreContract {

    @Override
    protected EventStore store() {
        return EngineFixture.shared().store();
    }
}
