package dev.rszshm.structures.internal.process;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.errors.StructureRemovedException;
import java.util.Locale;

/**
 * Whether a structure is still there. Who removes it takes its magic away first, and wakes those
 * who wait for something of it; whoever uses it afterwards finds no magic and is told.
 *
 * <p>That is a help for those who remove too early, and no protection: the bytes may be those of
 * another structure of the same kind by then.
 */
public final class Presence {
  private final Heap heap;
  private final long place;
  private final long magic;
  private final Object structure;

  /**
   * The presence of a structure.
   *
   * @param place the offset of its magic
   * @param structure what messages call it
   */
  public Presence(Heap heap, long place, long magic, Object structure) {
    this.heap = heap;
    this.place = place;
    this.magic = magic;
    this.structure = structure;
  }

  /** Returns whether it is there. */
  public boolean isThere() {
    return heap.getLongAcquire(place) == magic;
  }

  /**
   * Makes sure that it is there.
   *
   * @throws StructureRemovedException if it is not
   */
  public void require() {
    long found = heap.getLongAcquire(place);
    if (found != magic) {
      heap.requireOpen(); // or what was read is nothing
      throw new StructureRemovedException(
          String.format(
              Locale.ROOT,
              "%s was removed: found magic 0x%x there, expected 0x%x. Remove it when nobody uses it"
                  + " any more; find or make it anew",
              structure,
              found,
              magic));
    }
  }

  /** Says that it is not there any more. */
  public void end() {
    heap.putLongVolatile(place, 0);
  }
}
