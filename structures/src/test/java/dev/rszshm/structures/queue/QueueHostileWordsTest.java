package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.codec.Codecs;
import java.time.Duration;
import java.util.Iterator;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One word of a queue is another: each method ends, with a result or an exception of ours. */
class QueueHostileWordsTest {
  private static final int ELEMENTS = 100;
  private static final int OPERATIONS = 200;

  @Property(tries = 66)
  void everyMethodEnds(@ForAll long seed) {
    Random random = new Random(seed);
    try (Heap heap = Heap.builder().span(16 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      QueueSpec spec = QueueSpec.unbounded().withSegmentLength(512);
      SharedQueue<byte[]> queue =
          SharedQueue.named(
              allocator,
              "queue",
              Codecs.byteArrays(),
              random.nextBoolean() ? spec : new QueueSpec(2L * ELEMENTS, 512));
      for (int i = 0; i < ELEMENTS; i++) {
        queue.add(new byte[i % 20 == 0 ? 300 : i % 50]);
      }
      for (int i = 0; i < 10; i++) {
        queue.poll();
        queue.remove(new byte[20]);
      }
      damage(heap, allocator, queue.offset(), random);
      assertTimeoutPreemptively(
          Duration.ofMinutes(3),
          () -> {
            for (int i = 0; i < OPERATIONS; i++) {
              operate(queue, random);
            }
          });
    }
  }

  /** A word of the queue's own, or of a segment; locks and event counts aside. */
  private static void damage(Heap heap, Allocator allocator, long queue, Random random) {
    RootEntry root = allocator.findRoot("queue").orElseThrow();
    long first = allocator.get(queue + QueueLayout.FIRST);
    int[] own = {8, 16, 72, 80, 88, 96, 104, 112, 200, 208, 216};
    long place =
        random.nextInt(3) == 0
            ? queue + own[random.nextInt(own.length)]
            : first + Long.BYTES * (long) random.nextInt(512);
    long found = heap.getLong(place);
    heap.putLongVolatile(
        place,
        switch (random.nextInt(6)) {
          case 0 -> random.nextLong();
          case 1 -> found ^ 1L << random.nextInt(Long.SIZE);
          case 2 -> 0;
          case 3 -> -1;
          case 4 -> found + 8 - 16 * (long) random.nextInt(2);
          default ->
              heap.getLong(first + Long.BYTES * (long) random.nextInt((int) (root.size() / 8)));
        });
  }

  private static void operate(SharedQueue<byte[]> queue, Random random) {
    try {
      switch (random.nextInt(8)) {
        case 0, 1 -> queue.offer(new byte[random.nextInt(60)]);
        case 2 -> queue.offer(new byte[300]);
        case 3 -> queue.poll();
        case 4 -> queue.remove(new byte[random.nextInt(60)]);
        case 5 -> assertTrue(queue.elementCount() >= 0);
        case 6 -> {
          int left = 1000;
          for (Iterator<byte[]> each = queue.iterator(); left > 0 && each.hasNext(); left--) {
            each.next();
            if (random.nextInt(10) == 0) {
              each.remove();
            }
          }
        }
        default -> queue.check();
      }
    } catch (HeapException | IllegalArgumentException told) {
      // It says what is wrong.
    }
  }
}
