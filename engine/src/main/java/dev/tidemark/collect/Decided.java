package dev.tidemark.collect;

import dev.tidemark.base.TenantId;
import java.util.List;

/**
 * A request of which everything is decided and nothing is written yet.
 *
 * @param verdicts one for each event, in order
 * @param entries what goes to the journal, encoded
 */
record Decided(TenantId tenant, boolean batch, List<Verdict> verdicts, List<byte[]> entries) {}
