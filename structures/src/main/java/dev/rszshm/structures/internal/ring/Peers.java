package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.internal.ParticipantCounts;
import java.util.concurrent.atomic.AtomicLong;

/*
 * The processes at one end of a channel.
 *
 * Layout
 * ------
 * A count for each participant (ParticipantCounts), and a number of arrivals that never falls.
 *
 * Protocol
 * --------
 * arrive: 1 the own count to 1, if it is not; 2 one more arrival. A process does it once.
 * look whether all are gone: 3 read the number of arrivals; 4 look for one that lives, at the one that was
 * found the last time first. None, and arrivals that
 * were not told of yet: they are gone. Whoever arrives between 3 and 4 is counted, because 1 comes first.
 *
 * If a process dies here
 * ----------------------
 * Its count goes with it. Between 1 and 2 it has done nothing that anybody could miss.
 */
public final class Peers implements OtherEnd {
  private final Heap heap;
  private final ParticipantCounts counts;
  private final long arrivals;
  private final AtomicLong told = new AtomicLong();
  private volatile boolean arrived;

  public Peers(Heap heap, long counts, long arrivals) {
    this.heap = heap;
    this.counts = ParticipantCounts.at(heap, counts);
    this.arrivals = arrivals;
  }

  /** Whether this process is counted among them, as far as this handle knows. */
  public boolean hasArrived() {
    return arrived;
  }

  /** Counts this process among them. */
  public void arrive() {
    if (!arrived) {
      register();
    }
  }

  private synchronized void register() {
    if (!arrived) {
      if (counts.own() == 0) {
        counts.increment();
        heap.getAndAddLong(arrivals, 1);
      }
      arrived = true;
    }
  }

  /** The number of arrivals there were, if none is left of them; otherwise 0. */
  public long departed() {
    long number = heap.getLongVolatile(arrivals);
    return number != 0 && !counts.isAnyOfLiving() ? number : 0;
  }

  @Override
  public long departure(long known) {
    return heap.getLongVolatile(arrivals) == known ? 0 : departed();
  }

  @Override
  public long known() {
    return told.get();
  }

  @Override
  public void tell(long departure) {
    told.set(departure);
  }
}
