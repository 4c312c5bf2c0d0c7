package dev.tidemark.app;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;

/** The share of this machine's, or container's, processors that is in use by whomever, since it was last asked; 0 where that is not known. */
final class ProcessorLoad implements DoubleSupplier {
    @Override
    public double getAsDouble() {
        double load = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? machine.getCpuLoad()
                : 0;
        return load > 0 ? Math.min(1, load) : 0;
    }
}
