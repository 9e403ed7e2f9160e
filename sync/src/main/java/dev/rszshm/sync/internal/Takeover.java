package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.internal.watch.ReportKind;
import dev.rszshm.heap.internal.watch.Reports;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A takeover of what a dead participant owned, to be reported once it has happened. All that can
 * fail is done before that.
 */
public record Takeover(Reports reports, long offset, int tag, Optional<Participant> dead) {
  /**
   * Prepares the report, before the takeover.
   *
   * @return null if nobody wants to know
   */
  public static @Nullable Takeover begin(Heap heap, long offset, int tag) {
    Reports reports = Reports.of(heap);
    return reports.isWatched(ReportKind.OWNER_DEATH)
        ? new Takeover(reports, offset, tag, heap.participant(tag))
        : null;
  }

  /** Reports the takeover; throws nothing. */
  public void report() {
    reports.ownerDied(offset, tag, dead);
  }
}
