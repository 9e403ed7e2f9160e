package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.errors.NotAQueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SharedDequeTest {
  private static SharedDeque<String> deque(QueueFixture fixture) {
    return SharedDeque.named(fixture.allocator, "deque", Codecs.strings());
  }

  private static void check(QueueFixture fixture, SharedDeque<String> deque) {
    DequeCheck check = deque.check();
    assertEquals(List.of(), check.findings());
    assertEquals(1 + check.elements(), fixture.blocks(), check::toString);
  }

  @Test
  @Timeout(300)
  void bothEndsArePutToAndTakenFrom() throws InterruptedException {
    try (QueueFixture fixture = new QueueFixture()) {
      SharedDeque<String> deque = deque(fixture);
      deque.putLast("b");
      deque.putFirst("a");
      deque.putLast("c".repeat(1_000_000));
      assertEquals("a", deque.getFirst());
      assertEquals(1_000_000, deque.getLast().length());
      check(fixture, deque);
      assertEquals("a", deque(fixture).takeFirst());
      assertEquals(1_000_000, deque.takeLast().length());
      assertEquals("b", deque.pollLast());
      assertNull(deque.pollLast());
      assertNull(deque.peekFirst());
      assertThrows(NoSuchElementException.class, deque::pop);
      assertThrows(NullPointerException.class, () -> deque.push(null));
      check(fixture, deque);
    }
  }

  @Test
  @Timeout(300)
  void aStackGivesTheNewestFirst() {
    try (QueueFixture fixture = new QueueFixture()) {
      SharedDeque<String> stack = deque(fixture);
      for (int i = 0; i < 100; i++) {
        stack.push("" + i);
      }
      for (int i = 99; i >= 0; i--) {
        assertEquals("" + i, stack.pop());
      }
      assertTrue(stack.isEmpty());
    }
  }

  @Test
  @Timeout(300)
  void whoWaitsGetsWhatIsPutAtTheOtherEnd() throws InterruptedException {
    try (QueueFixture fixture = new QueueFixture()) {
      SharedDeque<String> deque =
          SharedDeque.named(fixture.allocator, "deque", Codecs.strings(), DequeSpec.bounded(1));
      AtomicReference<Object> taken = new AtomicReference<>();
      Thread taker =
          new Thread(
              () -> {
                try {
                  taken.set(deque.takeLast());
                } catch (InterruptedException e) {
                  taken.set(e);
                }
              });
      taker.start();
      deque.putFirst("a");
      taker.join();
      assertEquals("a", taken.get());
      assertEquals(Optional.empty(), deque.pollFirst(Duration.ofMillis(1)));
      deque.push("b");
      assertFalse(deque.offerFirst("c"));
      assertThrows(IllegalStateException.class, () -> deque.push("c"));
      assertEquals(0, deque.remainingCapacity());
      assertEquals(Optional.of("b"), deque.pollLast(Duration.ZERO));
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, deque::takeFirst);
    }
  }

  @Test
  @Timeout(300)
  void manyThreadsTakeEachElementOnce() throws InterruptedException {
    try (QueueFixture fixture = new QueueFixture()) {
      SharedDeque<Long> deque =
          SharedDeque.named(fixture.allocator, "deque", Codecs.longs(), DequeSpec.bounded(50));
      int threads = 2;
      long each = 4000;
      AtomicLong sum = new AtomicLong();
      List<Thread> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        long from = t * each;
        boolean first = t % 2 == 0;
        all.add(
            new Thread(
                () -> {
                  try {
                    for (long i = from; i < from + each; i++) {
                      if (first) {
                        deque.putFirst(i);
                      } else {
                        deque.putLast(i);
                      }
                    }
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
        all.add(
            new Thread(
                () -> {
                  try {
                    for (long i = 0; i < each; i++) {
                      sum.addAndGet(i % 2 == 0 ? deque.takeFirst() : deque.takeLast());
                    }
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
      }
      all.forEach(Thread::start);
      for (Thread thread : all) {
        thread.join();
      }
      assertEquals(threads * each * (threads * each - 1) / 2, sum.get());
      assertEquals(List.of(), deque.check().findings());
      assertEquals(1, fixture.blocks());
    }
  }

  @Test
  @Timeout(300)
  void aFullHeapIsToldAndTheDequeStays() {
    try (QueueFixture fixture = new QueueFixture(4 << 20)) {
      SharedDeque<String> deque = deque(fixture);
      int[] put = {0};
      assertThrows(
          OutOfHeapMemoryException.class,
          () -> {
            for (; ; put[0]++) {
              deque.offerFirst("x".repeat(5000));
            }
          });
      assertThrows(OutOfHeapMemoryException.class, () -> deque.offerLast("x".repeat(5000)));
      assertEquals(put[0], deque.size());
      check(fixture, deque);
      deque.pop();
      assertTrue(deque.offerLast("x".repeat(5000)));
      deque.clear();
      check(fixture, deque);
    }
  }

  @Test
  @Timeout(300)
  void aDequeIsFoundAndRemoved() {
    try (QueueFixture fixture = new QueueFixture()) {
      Allocator allocator = fixture.allocator;
      SharedDeque<String> deque = deque(fixture);
      deque.add("a");
      assertThrows(
          NotAQueueException.class,
          () -> SharedDeque.named(allocator, "deque", Codecs.strings(), DequeSpec.bounded(7)));
      assertEquals("a", SharedDeque.at(allocator, deque.offset(), Codecs.strings()).peek());
      assertTrue(SharedDeque.remove(allocator, "deque"));
      assertFalse(SharedDeque.remove(allocator, "deque"));
      fixture.checkEmpty();
    }
  }

  /** An element that is removed, and put again at the same end, is another one. */
  @Test
  @Timeout(300)
  void anIteratorDoesNotRemoveAnother() {
    try (QueueFixture fixture = new QueueFixture()) {
      SharedDeque<String> deque = deque(fixture);
      deque.push("b");
      deque.push("a");
      Iterator<String> each = deque.iterator();
      assertEquals("a", each.next());
      deque.pop();
      deque.push("a");
      each.remove();
      assertEquals(List.of("a", "b"), new ArrayList<>(deque));
    }
  }

  @Property(tries = 100)
  void itIsLikeALinkedList(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int steps) {
    Random random = new Random(seed);
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      SharedDeque<String> deque = deque(fixture);
      LinkedList<String> model = new LinkedList<>();
      for (int i = 0; i < steps; i++) {
        step(deque, model, random);
        check(fixture, deque);
        assertEquals(model, new ArrayList<>(deque));
      }
    }
  }

  private static void step(SharedDeque<String> deque, LinkedList<String> model, Random random) {
    String text = ("" + (char) ('a' + random.nextInt(8))).repeat(random.nextInt(3));
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> assertEquals(model.offerFirst(text), deque.offerFirst(text));
      case 3, 4, 5 -> assertEquals(model.offerLast(text), deque.offerLast(text));
      case 6 -> assertEquals(model.pollFirst(), deque.pollFirst());
      case 7 -> assertEquals(model.pollLast(), deque.pollLast());
      case 8 -> assertEquals(model.removeLastOccurrence(text), deque.removeLastOccurrence(text));
      case 9 -> assertEquals(model.remove(text), deque.remove(text));
      case 10 -> assertEquals(model.contains(text), deque.contains(text));
      case 11 -> assertEquals(model.peekLast(), deque.peekLast());
      default -> {
        boolean forwards = random.nextBoolean();
        Iterator<String> expected = forwards ? model.iterator() : model.descendingIterator();
        Iterator<String> each = forwards ? deque.iterator() : deque.descendingIterator();
        while (each.hasNext()) {
          assertEquals(expected.next(), each.next());
          if (random.nextInt(4) == 0) {
            expected.remove();
            each.remove();
          }
        }
        assertFalse(expected.hasNext());
      }
    }
  }
}
