package dev.rszshm.structures.internal.bytes;

import dev.rszshm.heap.Heap;
import java.util.Locale;

/** Tells of a word of a structure that no correct program can have written. */
public final class DamagedWord {
  private DamagedWord() {}

  /**
   * Returns the message of the exception for it, if the heap is open: otherwise what was found is
   * nothing.
   *
   * @param structure names the structure and where it is
   * @param place the offset of the word in the heap
   * @throws IllegalStateException if the heap is closed in this process
   */
  public static String message(
      Heap heap, Object structure, long place, long found, String expected) {
    heap.requireOpen();
    return String.format(
        Locale.ROOT,
        "%s is damaged: offset %d holds 0x%x, expected %s. Somebody has written where they"
            + " should not: check() tells what else is wrong",
        structure,
        place,
        found,
        expected);
  }
}
