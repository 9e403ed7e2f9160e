package dev.rszshm.examples;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;

/**
 * A log that several programs append to, and that grows while all of them go on: nobody has to say
 * beforehand how long it will become, and no address or offset ever changes.
 *
 * <pre>{@code
 * for name in a b c; do java … dev.rszshm.examples.GrowTogether /dev/shm/log $name 100000 & done
 * }</pre>
 */
public final class GrowTogether {
  /** Where the next record goes, counted from the first one; on a cache line of its own. */
  private static final int NEXT = 0;

  private static final int RECORDS = 128;
  private static final int RECORD_LENGTH = 16;

  private GrowTogether() {}

  /** Takes the path of the heap, a letter, and how many records to append. */
  public static void main(String[] args) {
    char letter = args[1].charAt(0);
    try (Heap heap = Heap.builder().length(RECORDS).open(Path.of(args[0]))) {
      long data = heap.dataOffset();
      for (int i = 0; i < Integer.parseInt(args[2]); i++) {
        // Nobody else gets this place: the addition is atomic among all processes.
        long place = heap.getAndAddLong(data + NEXT, RECORD_LENGTH);
        long record = data + RECORDS + place;
        heap.ensure(record + RECORD_LENGTH); // usually nothing; sometimes a growth
        heap.putLong(record + 8, i);
        heap.putLongRelease(record, letter); // says that the record is complete
      }
      System.out.println(letter + " is done, the heap has " + heap.length() + " bytes");
    }
  }

  /** Counts the complete records of one letter. */
  public static long count(Heap heap, char letter) {
    long first = heap.dataOffset() + RECORDS;
    long end = first + heap.getLongVolatile(heap.dataOffset() + NEXT);
    long found = 0;
    for (long record = first; record < end; record += RECORD_LENGTH) {
      // A process that was killed may have left a place empty, or beyond the end of the heap.
      found += record < heap.length() && heap.getLongAcquire(record) == letter ? 1 : 0;
    }
    return found;
  }
}
