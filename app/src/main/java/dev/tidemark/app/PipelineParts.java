package dev.tidemark.app;

import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.account.quota.FairShare;
import dev.tidemark.app.config.Configuration;
import dev.tidemark.base.Alerts;
import dev.tidemark.base.TimeSource;
import dev.tidemark.collect.CollectConfig;
import dev.tidemark.collect.Collector;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.JournalSettings;
import dev.tidemark.journal.Partitioner;
import dev.tidemark.journal.RocksJournal;
import dev.tidemark.operate.PartState;
import dev.tidemark.process.ProcessSettings;
import dev.tidemark.process.Processor;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;

/**
 * What an event passes on its way to the store.
 *
 * @param events tells of them once there is somebody who listens
 * @param positions how much of each tenant is in the store
 */
record PipelineParts(
        Journal journal,
        Partitioner partitioner,
        Processor processor,
        Collector collector,
        LiveEvents events,
        Positions positions) {

    /** The processor is not started. */
    static PipelineParts open(
            Closing closing,
            Configuration configuration,
            DataDirectory data,
            TenantDirectory directory,
            EventAllowance allowance,
            FairShare fairShare,
            EventStore store,
            TimeSource time,
            SecureRandom random,
            MeterRegistry registry,
            Alerts alerts) {
        Positions positions = new Positions();
        Journal journal = closing.add("journal", RocksJournal.open(journal(configuration, data), registry));
        LiveEvents events = new LiveEvents();
        Processor processor = closing.add(
                "processor",
                new Processor(process(configuration, data), journal, store, positions, events, events, time, registry));
        Collector collector = closing.add(
                "collector",
                new Collector(
                        new CollectConfig(
                                configuration.geo().database(),
                                configuration.http().trustedProxies(),
                                CollectConfig.DEFAULT_MAX_IN_FLIGHT,
                                Credentials.maskingKey(data, random)),
                        directory,
                        allowance,
                        fairShare,
                        journal,
                        processor::known,
                        processor::ackDelayMillis,
                        time,
                        random,
                        registry,
                        alerts));
        return new PipelineParts(
                journal, new Partitioner(journal.partitions()), processor, collector, events, positions);
    }

    PartState journalState() {
        return switch (journal.capacity()) {
            case AVAILABLE -> PartState.READY;
            case JOURNAL_FULL -> new PartState.NotReady("the journal is full: the store is too far behind");
            case DISK_FULL -> new PartState.NotReady("there is too little room on the disk");
            case FAILED -> new PartState.NotReady("the journal's disk failed");
        };
    }

    private static JournalSettings journal(Configuration configuration, DataDirectory data) {
        JournalSettings defaults = JournalSettings.defaults(data.resolve("journal"));
        return new JournalSettings(
                defaults.directory(),
                configuration.journal().partitions(),
                configuration.journal().maxSize(),
                configuration.journal().diskReserve(),
                defaults.maxQueued());
    }

    private static ProcessSettings process(Configuration configuration, DataDirectory data) {
        ProcessSettings defaults = ProcessSettings.defaults(data.resolve("process"));
        return new ProcessSettings(
                defaults.directory(),
                configuration.process().deduplicationHorizon(),
                configuration.process().batchEvents(),
                defaults.maxBatchBytes(),
                configuration.process().linger(),
                defaults.insertsInFlight(),
                defaults.keptBytes(),
                defaults.keptAge(),
                defaults.refusalsBeforeQuarantine(),
                defaults.retryPause());
    }
}
