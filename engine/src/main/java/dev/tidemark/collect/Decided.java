package dev.tidemark.collect;

import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.base.TenantId;
import java.util.List;

/**
 * A request of which everything is decided and nothing is written yet.
 *
 * @param verdicts one for each event, in order
 * @param entries what goes to the journal, encoded
 * @param reservation of the events among them
 */
record Decided(
        TenantId tenant,
        boolean batch,
        List<Verdict> verdicts,
        List<byte[]> entries,
        EventAllowance.Reservation reservation) {

    /** The same, with what was reserved for its events; only what is accepted stays so. */
    Decided with(EventAllowance.Reservation reserved) {
        reserved.keep((int)
                verdicts.stream().filter(Verdict.Accepted.class::isInstance).count());
        return new Decided(tenant, batch, verdicts, entries, reserved);
    }
}
