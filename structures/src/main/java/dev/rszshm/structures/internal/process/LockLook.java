package dev.rszshm.structures.internal.process;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.SynchronizerKind;
import dev.rszshm.sync.SynchronizerState;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What can be seen of a lock and of the work in it by who does not take it, as through a heap that
 * is attached for reading only.
 *
 * @param isLeft whether somebody died in the lock, or left work in it: the next one who takes it
 *     ends that
 * @param damage what no correct program can have written into the lock
 */
public record LockLook(boolean isLeft, List<String> damage) {
  private static final int LOOKS = 10;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

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
    boolean quiet = !isHeldByTheLiving(before) && state(heap, lock).equals(before);
    return new LockLook(left && quiet, before.damage().stream().map(t -> "lock: " + t).toList());
  }

  /**
   * Looks at a structure while nobody changes it, as far as its words say: again and again, a few
   * times.
   *
   * @param at where the words are of which one is another after each change
   * @param length bytes of these
   * @param locks where the locks are of those who change it
   * @return what was seen; empty if somebody changes it all the time
   */
  public static <T> Optional<T> inQuiet(
      Heap heap, long at, int length, Supplier<T> look, long... locks) {
    for (int i = 0; i < LOOKS; i++) {
      byte[] before = heap.getBytes(at, length);
      boolean quiet = Arrays.stream(locks).noneMatch(lock -> isHeldByTheLiving(state(heap, lock)));
      T seen = look.get();
      if (quiet && Arrays.equals(before, heap.getBytes(at, length))) {
        return Optional.of(seen);
      }
      heap.pause(BETWEEN_LOOKS);
    }
    return Optional.empty();
  }

  private static boolean isHeldByTheLiving(SynchronizerState lock) {
    return lock.holder().filter(holder -> holder.participant().alive()).isPresent();
  }

  private static SynchronizerState state(Heap heap, long lock) {
    return SynchronizerState.at(heap, lock, SynchronizerKind.MUTEX, Mutex.LENGTH);
  }
}
