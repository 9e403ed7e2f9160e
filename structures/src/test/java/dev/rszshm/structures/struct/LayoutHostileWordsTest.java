package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One word of a stored layout is another. */
class LayoutHostileWordsTest {
  @Property(tries = 100)
  void whateverIsStoredPublishingEnds(@ForAll long seed) {
    Random random = new Random(seed);
    try (Heap other = Heap.builder().span(16 << 20).createAnonymous();
        Allocator on = Allocator.on(other)) {
      PublicationTest.FIRST.publish(on);
      PublicationTest.SECOND.publish(on);
      long root = on.get(on.findRoot("struct item").orElseThrow().slot());
      long table = random.nextBoolean() ? on.get(root) : on.get(on.get(root));
      long word = random.nextInt(10) == 0 ? root : table + 8L * random.nextInt(8);
      long found = other.getLong(word);
      other.putLong(
          word,
          switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> found ^ 1L << random.nextInt(64);
            case 2 -> other.getLong(root); // a chain without an end
            default -> 0;
          });
      boolean same = other.getLong(word) == found;
      try {
        PublicationTest.THIRD.publish(on);
        assertTrue(same || word == root || word == table || unused(word, table));
      } catch (HeapException | IllegalArgumentException | IndexOutOfBoundsException told) {
        assertFalse(same, () -> "refused what is sound: " + told);
      }
    }
  }

  /** The upper half of the word with the length of the text is reserved. */
  private static boolean unused(long word, long table) {
    return word == table + LayoutTableLayout.TEXT_LENGTH || word > table + 56;
  }
}
