package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;

/** Makes one word of a structure another, and lets it be used: each call must end. */
public final class HostileWords {
  private static final int OPERATIONS = 300;

  /** Words behind the root of the structure, where its blocks are. */
  private static final int WORDS = 1 << 15;

  private HostileWords() {}

  /** What is done with a structure of which a word was changed. */
  public interface Use {
    void operate(Random random);
  }

  /** Makes the structure, fills it, and says how it is used. */
  public interface Maker {
    Use make(Allocator allocator, String name);
  }

  public static void run(long seed, Maker maker) {
    Random random = new Random(seed);
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      Use use = maker.make(allocator, "structure");
      RootEntry root = allocator.findRoot("structure").orElseThrow();
      damage(heap, allocator.get(root.slot()), root.size(), random);
      assertTimeoutPreemptively(
          Duration.ofMinutes(3),
          () -> {
            for (int i = 0; i < OPERATIONS; i++) {
              told(random, use::operate);
            }
          });
    }
  }

  private static void told(Random random, Consumer<Random> use) {
    try {
      use.accept(random);
    } catch (HeapException | IllegalArgumentException | IndexOutOfBoundsException told) {
      // It says what is wrong.
    }
  }

  private static void damage(Heap heap, long root, long size, Random random) {
    long words = random.nextBoolean() ? size / Long.BYTES : WORDS;
    long at = root + Long.BYTES * (long) random.nextInt((int) words);
    long place = at < heap.length() - Long.BYTES ? at : root;
    long found = heap.getLong(place);
    heap.putLongVolatile(
        place,
        switch (random.nextInt(5)) {
          case 0 -> random.nextLong();
          case 1 -> found ^ 1L << random.nextInt(Long.SIZE);
          case 2 -> 0;
          case 3 -> -1;
          default -> heap.getLong(root + Long.BYTES * (long) random.nextInt((int) (size / 8)));
        });
  }
}
