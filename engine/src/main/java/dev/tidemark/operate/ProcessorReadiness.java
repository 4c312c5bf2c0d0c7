package dev.tidemark.operate;

import dev.tidemark.process.Processor;
import dev.tidemark.process.ProcessorStatus;
import java.util.function.Supplier;

/** Whether events get into the store in time: not when the oldest of a partition has waited for a minute. */
public final class ProcessorReadiness implements Supplier<PartState> {
    static final double MAX_LAG_SECONDS = 60;

    private final Processor processor;

    public ProcessorReadiness(Processor processor) {
        this.processor = processor;
    }

    @Override
    public PartState get() {
        double lag = processor.status().stream()
                .mapToDouble(ProcessorStatus::lagSeconds)
                .max()
                .orElse(0);
        return of(lag, processor.hasQuarantined());
    }

    static PartState of(double lagSeconds, boolean quarantined) {
        if (lagSeconds > MAX_LAG_SECONDS) {
            return new PartState.NotReady("events have waited for %.0f s to be stored".formatted(lagSeconds));
        }
        return quarantined
                ? new PartState.Warning(
                        "blocks that the engine refused are kept in quarantine: ./tidemark quarantine lists them and has them sent again")
                : PartState.READY;
    }
}
