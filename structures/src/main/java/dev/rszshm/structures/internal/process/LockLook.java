package dev.rszshm.structures.internal.process;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.SynchronizerKind;
import dev.rszshm.sync.SynchronizerState;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What can be seen of a lock and of the work in it by who does not take it, as through a heap that
 * is attached for reading only.
 *
 * @param isLeft whether somebody died in the lock, or left work in it: the next one who takes it
 *     ends that
 * @param damage what no correct program can have written into the lock
 */
public record LockLook(boolean isLeft, List<String> damage) {
  /** Copies the list. */
  public LockLook {
    damage = List.copyOf(damage);
  }

  /**
   * Looks at the lock at an offset. What the living do just now is not taken for left: the lock
   * must be the same, and not held by one of them, before and after the look at the work.
   *
   * @param isBusy whether the words of the structure say that there is work to end
   */
  public static LockLook at(Heap heap, long lock, BooleanSupplier isBusy) {
    SynchronizerState before = state(heap, lock);
    boolean left = isBusy.getAsBoolean() || !before.leftByTheDead().isEmpty();
    boolean quiet =
        before.holder().filter(holder -> holder.participant().alive()).isEmpty()
            && state(heap, lock).equals(before);
    return new LockLook(left && quiet, before.damage().stream().map(t -> "lock: " + t).toList());
  }

  private static SynchronizerState state(Heap heap, long lock) {
    return SynchronizerState.at(heap, lock, SynchronizerKind.MUTEX, Mutex.LENGTH);
  }
}
