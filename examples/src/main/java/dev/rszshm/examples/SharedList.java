package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.IntField;
import dev.rszshm.structures.struct.Slot;
import dev.rszshm.structures.struct.SlotField;
import dev.rszshm.structures.struct.StructLayout;
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
  record Words(Slot<Word> first) {}

  /** A word; its text is behind it. */
  record Word(Slot<Word> next, int length) {}

  private static final StructLayout<Words> WORDS = StructLayout.of(Words.class);
  private static final SlotField<Words, Word> FIRST = WORDS.slotField("first", Word.class);
  private static final StructLayout<Word> WORD = StructLayout.of(Word.class);
  private static final SlotField<Word, Word> NEXT = WORD.slotField("next", Word.class);
  private static final IntField<Word> LENGTH = WORD.intField("length");

  private SharedList() {}

  /** Takes the path of the heap, a word, and how often to append it. */
  public static void main(String[] args) {
    int times = Integer.parseInt(args[2]);
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      Slot<Word> last = first(allocator);
      for (int i = 0; i < times; i++) {
        last = append(allocator, last, args[1] + i);
      }
      System.out.println("appended " + times + ", now there are " + words(allocator).size());
    }
  }

  /** The slot of the first word, in a struct that all find by its name. */
  private static Slot<Word> first(Allocator allocator) {
    return FIRST.of(allocator.heap(), WORDS.named(allocator, "words"));
  }

  /** Appends somewhere behind a slot; returns the slot of the new word. */
  private static Slot<Word> append(Allocator allocator, Slot<Word> slot, String word) {
    Heap heap = allocator.heap();
    byte[] text = word.getBytes(StandardCharsets.UTF_8);
    while (true) {
      // It is filled before anybody can see it; 0 if another one has got the slot first.
      long made =
          allocator.allocateInto(
              slot.offset(),
              WORD.length() + text.length,
              block -> {
                LENGTH.set(heap, block, text.length);
                heap.putBytes(block + WORD.length(), text);
              });
      slot = NEXT.of(heap, slot.get(allocator));
      if (made != 0) {
        return slot;
      }
    }
  }

  /** All words. */
  public static List<String> words(Allocator allocator) {
    Heap heap = allocator.heap();
    List<String> words = new ArrayList<>();
    Block<Word> word = first(allocator).get(allocator);
    while (word.isPresent()) {
      words.add(heap.getUtf8(word.offset() + WORD.length(), LENGTH.get(heap, word)));
      word = NEXT.of(heap, word).get(allocator);
    }
    return words;
  }
}
