package dev.rszshm.heap.internal.wait;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A word that virtual threads wait for, in the order in which they came, and who of them is to go
 * on. Guarded by the lock of the {@link ParkingLot}, which has the protocol.
 */
final class ParkedWord {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int GROWTH = 8;

  final long address;
  final Keeper keeper;
  final Set<Parked> waiters = new LinkedHashSet<>();

  /** Whether it is no word of its keeper any more; the keeper itself reads it, too. */
  volatile boolean dropped;

  private boolean looked;

  /** Whether anybody has come who expects something else than was seen. */
  private boolean joinedStale;

  private int seen;
  private int burst;
  private long began;
  private long due;

  ParkedWord(long address, Keeper keeper) {
    this.address = address;
    this.keeper = keeper;
  }

  /**
   * Returns who is to go on, now that the word holds a value.
   *
   * @param now on the clock of this JVM
   */
  List<Parked> look(int value, long now) {
    boolean changed = hasChanged(value);
    if (looked && !changed && !joinedStale && burst == 0) {
      return List.of(); // as many may wait as want to: nobody is looked at
    }
    looked = true;
    seen = value;
    int most = 1;
    long latest = Long.MAX_VALUE;
    if (burst == 0) {
      began = now;
      burst = 1;
    } else if (now - due >= 0) {
      burst = Math.min(burst, Integer.MAX_VALUE / GROWTH) * GROWTH;
      most = burst;
    } else if (changed) {
      latest = Math.max(1, LONGEST_DELAY_NANOS - (now - began));
    } else {
      return List.of();
    }
    List<Parked> chosen = stale(most, value);
    if (chosen.size() < most) {
      burst = 0;
      joinedStale = false;
    } else {
      due = now + Math.min(PAUSE_NANOS, latest);
    }
    return chosen;
  }

  /** Lets a thread wait. */
  void join(Parked parked) {
    waiters.add(parked);
    joinedStale |= !looked || parked.isStale(address, seen);
  }

  /** Whether the word held another value at the last look. */
  boolean hasChanged(int value) {
    return looked && value != seen;
  }

  /** Nanoseconds until more of those who wait are to go on; {@link Long#MAX_VALUE} for none. */
  long untilDue(long now) {
    return burst == 0 ? Long.MAX_VALUE : Math.max(1, due - now);
  }

  private List<Parked> stale(int most, int value) {
    List<Parked> found = new ArrayList<>();
    for (Parked parked : waiters) {
      if (found.size() == most) {
        break;
      }
      if (parked.isStale(address, value)) {
        found.add(parked);
      }
    }
    return found;
  }
}
