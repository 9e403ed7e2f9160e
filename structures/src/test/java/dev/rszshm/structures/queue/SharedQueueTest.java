package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.errors.NotAQueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SharedQueueTest {
  private final QueueFixture fixture = new QueueFixture();
  private final Allocator allocator = fixture.allocator;

  @AfterEach
  void close() {
    fixture.close();
  }

  private SharedQueue<String> strings(QueueSpec spec) {
    return SharedQueue.named(allocator, "queue", Codecs.strings(), spec);
  }

  private SharedQueue<String> small() {
    return strings(QueueSpec.unbounded().withSegmentLength(256));
  }

  @Test
  void elementsComeInTheOrderInWhichTheyWerePut() throws InterruptedException {
    SharedQueue<String> queue = small();
    for (int i = 0; i < 1000; i++) {
      queue.put("number " + i);
    }
    assertEquals(1000, queue.size());
    SharedQueue<String> other = small();
    for (int i = 0; i < 1000; i++) {
      assertEquals("number " + i, other.take());
    }
    assertNull(queue.poll());
    assertNull(queue.peek());
    assertTrue(queue.isEmpty());
    QueueCheck check = fixture.check(queue.check());
    assertTrue(check.segments() <= 2, "memory is given back: " + check);
  }

  @Test
  void anElementMayHaveAnyLength() throws InterruptedException {
    SharedQueue<byte[]> queue = SharedQueue.named(allocator, "queue", Codecs.byteArrays());
    int[] lengths = {0, 1, 7, 8, 9, 2039, 2040, 2041, 8192, 100_000, 5_000_000};
    for (int length : lengths) {
      byte[] element = new byte[length];
      java.util.Arrays.fill(element, (byte) length);
      queue.put(element);
      fixture.check(queue.check());
    }
    for (int length : lengths) {
      byte[] element = queue.take();
      assertEquals(length, element.length);
      byte[] expected = new byte[length];
      java.util.Arrays.fill(expected, (byte) length);
      assertArrayEquals(expected, element);
    }
    assertEquals(0, fixture.check(queue.check()).largeElements());
  }

  @Test
  void anElementIsRemovedFromTheMiddle() {
    SharedQueue<String> queue = small();
    for (int i = 0; i < 50; i++) {
      queue.add("number " + i);
    }
    assertTrue(queue.contains("number 25"));
    assertTrue(queue.remove("number 25"));
    assertFalse(queue.remove("number 25"));
    assertFalse(queue.contains("number 25"));
    assertEquals(49, queue.size());
    fixture.check(queue.check());
    Object number = 25;
    assertFalse(queue.contains(number));
    assertFalse(queue.contains(null));
    assertFalse(queue.remove(null));
    List<String> left = new ArrayList<>();
    queue.drainTo(left);
    assertEquals(49, left.size());
    assertFalse(left.contains("number 25"));
  }

  /** An old element at the head must not keep the memory of those behind it. */
  @Test
  void segmentsInTheMiddleAreFreedWhenAllInThemIsRemoved() {
    SharedQueue<String> queue = small();
    queue.add("stays");
    for (int i = 0; i < 2000; i++) {
      queue.add("comes and goes " + i);
      assertTrue(queue.remove("comes and goes " + i));
    }
    QueueCheck check = fixture.check(queue.check());
    assertEquals(1, check.elements());
    assertTrue(check.segments() <= 4, () -> "segments are freed: " + check);
    queue.add("last");
    assertEquals("stays", queue.poll());
    assertEquals("last", queue.poll());
    assertNull(queue.poll());
    fixture.check(queue.check());
  }

  @Test
  void anIteratorSeesWhatIsThereAndRemovesIt() {
    SharedQueue<String> queue = small();
    for (int i = 0; i < 300; i++) {
      queue.add("" + i);
    }
    int number = 0;
    for (Iterator<String> i = queue.iterator(); i.hasNext(); number++) {
      assertEquals("" + number, i.next());
      if (number % 3 != 0) {
        i.remove();
      }
      if (number % 3 != 0) {
        assertThrows(IllegalStateException.class, i::remove);
      }
    }
    assertEquals(300, number);
    assertEquals(100, queue.size());
    fixture.check(queue.check());
    Iterator<String> i = queue.iterator();
    assertEquals("0", i.next());
    assertEquals("0", queue.poll());
    i.remove(); // it is gone
    assertEquals(99, queue.size());
    queue.clear();
    assertThrows(NoSuchElementException.class, () -> queue.iterator().next());
    fixture.check(queue.check());
  }

  /** The iterator's place is taken away under it again and again. */
  @Test
  void anIteratorGoesOnWhileSegmentsGo() {
    SharedQueue<String> queue = small();
    for (int i = 0; i < 500; i++) {
      queue.add("" + i);
    }
    int last = -1;
    for (String each : queue) {
      int number = Integer.parseInt(each);
      assertTrue(number > last, "each is seen once, in order");
      last = number;
      for (int i = 0; i < 2; i++) {
        queue.poll();
      }
      if (number > 250) {
        queue.remove("" + (number + 40));
      }
    }
    assertTrue(last > 300, "it has gone on to " + last);
    fixture.check(queue.check());
  }

  @Test
  void nullIsRefused() {
    SharedQueue<String> queue = small();
    assertThrows(NullPointerException.class, () -> queue.put(null));
    assertThrows(NullPointerException.class, () -> queue.offer(null));
    assertThrows(NullPointerException.class, () -> queue.add(null));
    assertThrows(IllegalArgumentException.class, () -> queue.drainTo(queue));
  }

  @Test
  void aTakerWaitsForAnElement() throws Exception {
    SharedQueue<String> queue = small();
    AtomicReference<String> taken = new AtomicReference<>();
    Thread taker = new Thread(() -> taken.set(queue.takeUninterruptibly()));
    taker.start();
    queue.put("one");
    taker.join();
    assertEquals("one", taken.get());
    assertEquals(Optional.empty(), queue.poll(Duration.ofMillis(1)));
    assertNull(queue.poll(-1, TimeUnit.SECONDS));
    queue.put("two");
    assertEquals(Optional.of("two"), queue.poll(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void aWaitEndsByAnInterrupt() throws Exception {
    SharedQueue<String> queue = strings(QueueSpec.bounded(1));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, queue::take);
    assertFalse(Thread.interrupted());
    CountDownLatch ended = new CountDownLatch(2);
    List<Thread> threads = new ArrayList<>();
    queue.put("full");
    threads.add(
        new Thread(
            () -> {
              try {
                queue.put("more");
              } catch (InterruptedException e) {
                ended.countDown();
              }
            }));
    threads.add(
        new Thread(
            () -> {
              try {
                queue.offer("more", 1, TimeUnit.DAYS);
              } catch (InterruptedException e) {
                ended.countDown();
              }
            }));
    threads.forEach(Thread::start);
    threads.forEach(Thread::interrupt);
    ended.await();
    assertEquals(1, queue.size());
  }

  @Test
  void aBoundedQueueMakesPuttersWait() throws Exception {
    SharedQueue<String> queue = strings(QueueSpec.bounded(2));
    assertTrue(queue.offer("a"));
    assertTrue(queue.offer("b"));
    assertEquals(0, queue.remainingCapacity());
    assertFalse(queue.offer("c"));
    assertFalse(queue.offer("c", Duration.ofMillis(1)));
    assertThrows(IllegalStateException.class, () -> queue.add("c"));
    Thread putter = new Thread(() -> queue.putUninterruptibly("c"));
    putter.start();
    assertEquals("a", queue.take());
    putter.join();
    assertTrue(queue.remove("b"));
    assertTrue(queue.offer("d"));
    assertEquals(List.of("c", "d"), new ArrayList<>(queue));
    fixture.check(queue.check());
  }

  @Test
  void manyThreadsPutAndTakeEachElementOnce() throws Exception {
    SharedQueue<Long> queue =
        SharedQueue.named(
            allocator, "queue", Codecs.longs(), QueueSpec.bounded(100).withSegmentLength(256));
    int threads = 4;
    long each = 5000;
    AtomicLong sum = new AtomicLong();
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      long first = t * each;
      all.add(
          new Thread(
              () -> {
                for (long i = first; i < first + each; i++) {
                  queue.putUninterruptibly(i);
                }
              }));
      all.add(
          new Thread(
              () -> {
                for (long i = 0; i < each; i++) {
                  sum.addAndGet(queue.takeUninterruptibly());
                }
              }));
    }
    all.forEach(Thread::start);
    for (Thread thread : all) {
      thread.join();
    }
    assertEquals(threads * each * (threads * each - 1) / 2, sum.get());
    assertTrue(queue.isEmpty());
    fixture.check(queue.check());
  }

  @Test
  void aFullHeapIsToldAndTheQueueStays() {
    try (QueueFixture full = new QueueFixture(4 << 20)) {
      SharedQueue<byte[]> queue =
          SharedQueue.named(
              full.allocator,
              "queue",
              Codecs.byteArrays(),
              QueueSpec.unbounded().withSegmentLength(1024));
      for (int length : new int[] {100, 10_000}) {
        int[] put = {0};
        assertThrows(
            OutOfHeapMemoryException.class,
            () -> {
              for (; ; put[0]++) {
                queue.put(new byte[length]);
              }
            });
        assertEquals(put[0], queue.size());
        assertThrows(OutOfHeapMemoryException.class, () -> queue.put(new byte[5_000_000]));
        full.check(queue.check());
        assertEquals(length, queue.poll().length);
        queue.clear();
        full.check(queue.check());
      }
    }
  }

  @Test
  void aQueueAtAnOffsetIsFoundAndGivesAllBack() {
    long offset = allocator.allocateAligned(SharedQueue.LENGTH, 64);
    fixture.heap.fill(offset, SharedQueue.LENGTH, (byte) 0);
    assertThrows(
        NotAQueueException.class, () -> SharedQueue.at(allocator, offset, Codecs.strings()));
    SharedQueue<String> made =
        SharedQueue.at(allocator, offset, Codecs.strings(), QueueSpec.bounded(500));
    made.add("x".repeat(10_000));
    SharedQueue<String> found = SharedQueue.at(allocator, offset, Codecs.strings());
    assertEquals(QueueSpec.bounded(500), found.spec());
    assertEquals(10_000, found.peek().length());
    assertThrows(
        NotAQueueException.class,
        () -> SharedQueue.at(allocator, offset, Codecs.strings(), QueueSpec.unbounded()));
    assertThrows(
        IllegalArgumentException.class,
        () -> SharedQueue.at(allocator, offset + 8, Codecs.strings()));
    found.dismantle();
    allocator.free(offset);
    fixture.checkEmpty();
  }

  @Test
  void aQueueIsRemovedWithAllItHas() {
    SharedQueue<String> queue = small();
    for (int i = 0; i < 100; i++) {
      queue.add("x".repeat(i));
    }
    assertThrows(NotAQueueException.class, () -> strings(QueueSpec.bounded(7)));
    assertTrue(SharedQueue.remove(allocator, "queue"));
    assertFalse(SharedQueue.remove(allocator, "queue"));
    fixture.checkEmpty();
    allocator.place("other", 1, 1, 100);
    assertFalse(SharedQueue.remove(allocator, "other"));
    assertThrows(
        RootMismatchException.class, () -> SharedQueue.named(allocator, "other", Codecs.strings()));
  }

  @Test
  void aClosedHeapIsTold() {
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous()) {
      Allocator closed = Allocator.on(heap);
      SharedQueue<String> queue = SharedQueue.named(closed, "queue", Codecs.strings());
      Thread taker =
          new Thread(() -> assertThrows(IllegalStateException.class, queue::takeUninterruptibly));
      taker.start();
      closed.close();
      heap.close();
      assertThrows(IllegalStateException.class, () -> queue.put("late"));
      assertThrows(IllegalStateException.class, queue::size);
    }
  }
}
