package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.codec.Codecs;
import java.time.Duration;
import java.util.Iterator;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One word of a deque or a log is another: each method ends, with a result or an exception. */
class DequeAndLogHostileWordsTest {
  private static final int ELEMENTS = 60;
  private static final int OPERATIONS = 200;

  private static void damage(Heap heap, long place, long other, Random random) {
    long found = heap.getLong(place);
    heap.putLongVolatile(
        place,
        switch (random.nextInt(6)) {
          case 0 -> random.nextLong();
          case 1 -> found ^ 1L << random.nextInt(Long.SIZE);
          case 2 -> 0;
          case 3 -> -1;
          case 4 -> found + 8 - 16 * (long) random.nextInt(2);
          default -> heap.getLong(other);
        });
  }

  private static void operate(Random random, Consumer<Random> operation) {
    assertTimeoutPreemptively(
        Duration.ofMinutes(3),
        () -> {
          for (int i = 0; i < OPERATIONS; i++) {
            try {
              operation.accept(random);
            } catch (HeapException | IllegalArgumentException told) {
              // It says what is wrong.
            }
          }
        });
  }

  @Property(tries = 50)
  void everyMethodOfDequeEnds(@ForAll long seed) {
    Random random = new Random(seed);
    try (Heap heap = Heap.builder().span(16 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      SharedDeque<byte[]> deque = SharedDeque.named(allocator, "deque", Codecs.byteArrays());
      for (int i = 0; i < ELEMENTS; i++) {
        deque.add(new byte[i]);
      }
      deque.pop();
      int[] own = {8, 16, 72, 80, 88, 96, 104, 112, 120, 128, 136};
      long first = allocator.get(deque.offset() + DequeLayout.FIRST);
      long place =
          random.nextInt(3) == 0
              ? deque.offset() + own[random.nextInt(own.length)]
              : first + Long.BYTES * (long) random.nextInt(400);
      damage(heap, place, first + Long.BYTES * (long) random.nextInt(400), random);
      operate(random, each -> operate(deque, each));
    }
  }

  private static void operate(SharedDeque<byte[]> deque, Random random) {
    byte[] bytes = new byte[random.nextInt(ELEMENTS)];
    switch (random.nextInt(9)) {
      case 0 -> deque.offerFirst(bytes);
      case 1 -> deque.offerLast(bytes);
      case 2 -> deque.pollFirst();
      case 3 -> deque.pollLast();
      case 4 -> deque.remove(bytes);
      case 5 -> deque.removeLastOccurrence(bytes);
      case 6 -> assertTrue(deque.elementCount() >= 0);
      case 7 -> {
        int left = 300;
        boolean forwards = random.nextBoolean();
        Iterator<byte[]> each = forwards ? deque.iterator() : deque.descendingIterator();
        for (; left > 0 && each.hasNext(); left--) {
          each.next();
          if (random.nextInt(10) == 0) {
            each.remove();
          }
        }
      }
      default -> deque.check();
    }
  }

  @Property(tries = 50)
  void everyMethodOfLogEnds(@ForAll long seed) {
    Random random = new Random(seed);
    try (Heap heap = Heap.builder().span(16 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      RingLogSpec spec = RingLogSpec.of(10, 40);
      RingLog<byte[]> log = RingLog.named(allocator, "log", Codecs.byteArrays(), spec);
      for (int i = 0; i < 25; i++) {
        log.append(new byte[i]);
      }
      RingLogReader<byte[]> reader = log.reader();
      long words = RingLog.length(spec) / Long.BYTES;
      int[] own = {8, 16, 64};
      long place =
          switch (random.nextInt(4)) {
            case 0 -> own[random.nextInt(own.length)];
            case 1 ->
                RingLogLayout.WRITERS_AT
                    + 8 * (long) (1 + random.nextInt(3))
                    + RingLogLayout.WRITER_LENGTH * (long) random.nextInt(RingLogLayout.WRITERS);
            case 2 -> RingLogLayout.RING + 8 * (long) random.nextInt(10);
            default -> RingLogLayout.RING + 80 + 8 * (long) random.nextInt(400);
          };
      damage(
          heap,
          log.offset() + place,
          log.offset() + Long.BYTES * (long) random.nextInt((int) words),
          random);
      operate(random, each -> operate(log, reader, each));
    }
  }

  private static void operate(RingLog<byte[]> log, RingLogReader<byte[]> reader, Random random) {
    switch (random.nextInt(5)) {
      case 0, 1 -> log.append(new byte[random.nextInt(41)]);
      case 2 -> reader.poll();
      case 3 -> {
        int left = 100;
        for (Iterator<byte[]> each = log.iterator(); left > 0 && each.hasNext(); left--) {
          each.next();
        }
      }
      default -> log.check();
    }
  }
}
