package dev.rszshm.examples;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.Align;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.StructLayout;
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
  /** Where the next entry goes, counted from the first one; on a cache line of its own. */
  record Log(long next, @Align(128) long entries) {}

  record Entry(long letter, long number) {}

  private static final StructLayout<Log> LOG = StructLayout.of(Log.class);
  private static final LongField<Log> NEXT = LOG.longField("next");
  private static final LongField<Log> ENTRIES = LOG.longField("entries");
  private static final StructLayout<Entry> ENTRY = StructLayout.of(Entry.class);
  private static final LongField<Entry> LETTER = ENTRY.longField("letter");
  private static final LongField<Entry> NUMBER = ENTRY.longField("number");

  private GrowTogether() {}

  /** Takes the path of the heap, a letter, and how many entries to append. */
  public static void main(String[] args) {
    char letter = args[1].charAt(0);
    try (Heap heap = Heap.builder().length(LOG.length()).open(Path.of(args[0]))) {
      long data = heap.dataOffset();
      for (int i = 0; i < Integer.parseInt(args[2]); i++) {
        // Nobody else gets this place: the addition is atomic among all processes.
        long place = NEXT.getAndAdd(heap, data, ENTRY.length());
        long entry = ENTRIES.at(heap, data) + place;
        heap.ensure(entry + ENTRY.length()); // usually nothing; sometimes a growth
        NUMBER.set(heap, entry, i);
        LETTER.setRelease(heap, entry, letter); // says that the entry is complete
      }
      System.out.println(letter + " is done, the heap has " + heap.length() + " bytes");
    }
  }

  /** Counts the complete entries of one letter. */
  public static long count(Heap heap, char letter) {
    long first = ENTRIES.at(heap, heap.dataOffset());
    long end = first + NEXT.getVolatile(heap, heap.dataOffset());
    long found = 0;
    for (long entry = first; entry < end; entry += ENTRY.length()) {
      // A process that was killed may have left a place empty, or beyond the end of the heap.
      found += entry < heap.length() && LETTER.getAcquire(heap, entry) == letter ? 1 : 0;
    }
    return found;
  }
}
