package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import java.util.HashSet;
import java.util.Set;

/**
 * Who lives, for one look at many words that name holders: asks about each participant once. What
 * is in the words is trusted in nothing. One thread uses it.
 */
public final class Liveness {
  private final Heap heap;
  private final int self;
  private final Set<Integer> alive = new HashSet<>();
  private final Set<Integer> dead = new HashSet<>();
  private int last;

  /** A look by a participant, which lives itself. */
  public Liveness(Heap heap, int self) {
    this.heap = heap;
    this.self = self;
    this.last = self;
  }

  /** Whether the participant of a tag lives, or did when this was first asked about it. */
  public boolean isAlive(int tag) {
    if (tag == self || tag == last) {
      return true;
    }
    if (dead.contains(tag)) {
      return false;
    }
    if (!alive.contains(tag)) {
      if (!heap.isAlive(tag)) {
        dead.add(tag);
        return false;
      }
      alive.add(tag);
    }
    last = tag;
    return true;
  }

  /** About how many it has asked. */
  public int asked() {
    return alive.size() + dead.size();
  }
}
