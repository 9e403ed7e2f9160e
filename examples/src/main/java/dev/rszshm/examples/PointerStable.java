package dev.rszshm.examples;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.BlockField;
import dev.rszshm.structures.struct.IntField;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.StructLayout;
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
  /** The first word, and the offset at which the next one is made. */
  record Words(Block<Word> first, long free) {}

  /** A word; its text is behind it. */
  record Word(Block<Word> next, int length) {}

  private static final StructLayout<Words> WORDS = StructLayout.of(Words.class);
  private static final BlockField<Words, Word> FIRST = WORDS.blockField("first", Word.class);
  private static final LongField<Words> FREE = WORDS.longField("free");
  private static final StructLayout<Word> WORD = StructLayout.of(Word.class);
  private static final BlockField<Word, Word> NEXT = WORD.blockField("next", Word.class);
  private static final IntField<Word> LENGTH = WORD.intField("length");

  private PointerStable() {}

  /** Takes the path of the heap, and words. */
  public static void main(String[] args) {
    try (Heap heap = Heap.builder().length(WORDS.length()).open(Path.of(args[0]))) {
      for (int i = 1; i < args.length; i++) {
        push(heap, args[i]);
      }
      for (Block<Word> word = FIRST.getAcquire(heap, heap.dataOffset());
          word.isPresent();
          word = NEXT.get(heap, word)) {
        String text = heap.getUtf8(word.offset() + WORD.length(), LENGTH.get(heap, word));
        // An address is good for C programs too, in every process that has the heap attached.
        System.out.printf(Locale.ROOT, "0x%x %s%n", heap.toAddress(word.offset()), text);
      }
    }
  }

  private static void push(Heap heap, String text) {
    Block<Words> words = Block.at(heap.dataOffset());
    Block<Word> word = Block.at(Math.max(FREE.get(heap, words), words.offset() + WORDS.length()));
    long end = word.offset() + WORD.length() + 3L * text.length() + 7 & -8L;
    heap.ensure(end);
    FREE.set(heap, words, end);
    NEXT.set(heap, word, FIRST.get(heap, words));
    LENGTH.set(heap, word, heap.putUtf8(word.offset() + WORD.length(), text));
    FIRST.setRelease(heap, words, word); // now it is in the list, complete
  }
}
