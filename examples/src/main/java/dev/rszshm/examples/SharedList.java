package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of words that several programs append to at the same time, without a lock. Kill some of
 * them: every word is in the list once or not at all, and no memory is lost.
 *
 * <pre>{@code
 * for name in a b c; do java … dev.rszshm.examples.SharedList /dev/shm/words $name 1000 & done
 * }</pre>
 */
public final class SharedList {
  /** A node: a slot for the next one, and the text with its length. */
  private static final int NEXT = 8;

  private static final int LENGTH = 16;
  private static final int TEXT = 20;
  private static final int TYPE = 1;

  private SharedList() {}

  /** Takes the path of the heap, a word, and how often to append it. */
  public static void main(String[] args) {
    int times = Integer.parseInt(args[2]);
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      long last = first(allocator);
      for (int i = 0; i < times; i++) {
        last = append(allocator, last, args[1] + i);
      }
      System.out.println("appended " + times + ", now there are " + words(allocator).size());
    }
  }

  /** The slot of the first node, in a block that all find by its name. */
  private static long first(Allocator allocator) {
    return allocator.place("words", TYPE, 1, Long.BYTES);
  }

  /** Appends somewhere behind a slot; returns the slot behind the new node. */
  private static long append(Allocator allocator, long slot, String word) {
    Heap heap = allocator.heap();
    byte[] text = word.getBytes(StandardCharsets.UTF_8);
    while (true) {
      // The node is filled before anybody can see it; 0 if another one has got the slot first.
      long made =
          allocator.allocateInto(
              slot,
              TEXT + text.length,
              node -> {
                heap.putInt(node + LENGTH, text.length);
                heap.putBytes(node + TEXT, text);
              });
      slot = (made == 0 ? allocator.get(slot) : made) + NEXT;
      if (made != 0) {
        return slot;
      }
    }
  }

  /** All words. */
  public static List<String> words(Allocator allocator) {
    Heap heap = allocator.heap();
    List<String> words = new ArrayList<>();
    for (long node = allocator.get(first(allocator));
        node != 0;
        node = allocator.get(node + NEXT)) {
      words.add(heap.getUtf8(node + TEXT, heap.getInt(node + LENGTH)));
    }
    return words;
  }
}
