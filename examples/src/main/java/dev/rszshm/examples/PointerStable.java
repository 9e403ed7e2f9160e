package dev.rszshm.examples;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A linked list in a heap. Its links are offsets, which mean the same in every process; they stay
 * good when the heap grows, and when everybody has ended and somebody attaches again.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.PointerStable /dev/shm/list one two three
 * java … dev.rszshm.examples.PointerStable /dev/shm/list four
 * }</pre>
 *
 * <p>Each run puts its words in front and prints the whole list. One process at a time may run it.
 */
public final class PointerStable {
  /** Offset of the first node; 0, which is never the offset of content, ends the list. */
  private static final int HEAD = 0;

  /** Offset at which the next node is made. */
  private static final int FREE = 8;

  private static final int NODES = 16;
  private static final int TEXT = 16;

  private PointerStable() {}

  /** Takes the path of the heap, and words. */
  public static void main(String[] args) {
    try (Heap heap = Heap.builder().length(NODES).open(Path.of(args[0]))) {
      for (int i = 1; i < args.length; i++) {
        push(heap, args[i]);
      }
      for (long node = heap.getLongAcquire(heap.dataOffset() + HEAD);
          node != 0;
          node = heap.getLong(node)) {
        String word = heap.getUtf8(node + TEXT, heap.getInt(node + 8));
        // An address is good for C programs too, in every process that has the heap attached.
        System.out.printf(Locale.ROOT, "0x%x %s%n", heap.toAddress(node), word);
      }
    }
  }

  private static void push(Heap heap, String word) {
    long data = heap.dataOffset();
    long node = Math.max(heap.getLong(data + FREE), data + NODES);
    long end = node + TEXT + 3L * word.length() + 7 & -8L;
    heap.ensure(end);
    heap.putLong(data + FREE, end);
    heap.putLong(node, heap.getLong(data + HEAD));
    heap.putInt(node + 8, heap.putUtf8(node + TEXT, word));
    heap.putLongRelease(data + HEAD, node); // now it is in the list, complete
  }
}
