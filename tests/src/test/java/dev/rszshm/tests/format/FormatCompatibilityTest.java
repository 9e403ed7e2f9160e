package dev.rszshm.tests.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.topic.Subscription;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.Once;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.sync.SharedCondition;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.SharedSemaphore;
import dev.rszshm.tests.InMemory;
import dev.rszshm.tests.format.KeptHeaps.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Heaps that earlier builds have made, kept as files, are attached and used by this one. {@link
 * KeptHeaps} says what is in them.
 *
 * <p>A failure means that this build reads another format than the one that was kept. Until 0.1.0
 * is released the set may be made anew: {@code -Ddev.rszshm.kept.make=true}.
 */
class FormatCompatibilityTest {
  private static final Duration SOON = Duration.ofMinutes(3);

  @TempDir(factory = InMemory.class)
  Path directory;

  @BeforeAll
  static void makeAnewIfAsked(@TempDir(factory = InMemory.class) Path scratch) throws Exception {
    if (Boolean.getBoolean("dev.rszshm.kept.make")) {
      KeptHeaps.make(scratch);
    }
  }

  static Stream<Path> sets() throws IOException {
    try (Stream<Path> sets = Files.list(KeptHeaps.all())) {
      return sets.sorted().toList().stream();
    }
  }

  private Heap attach(Path set, String name) throws IOException {
    return Heap.attach(KeptHeaps.unpack(set, name, directory));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void theSetOfThisVersionIsKept() throws IOException {
    assertTrue(sets().anyMatch(KeptHeaps.newest()::equals));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void keptBlocksAndRootsAreRead(Path set) throws IOException {
    try (Heap heap = attach(set, KeptHeaps.HEAP);
        Allocator allocator = Allocator.on(heap)) {
      long root =
          allocator.get(
              allocator
                  .root("numbers", Content.ROOT_TYPE, Content.ROOT_VERSION, Content.ROOT_SIZE)
                  .slot());
      for (int i = 0; i < Content.NUMBERS; i++) {
        assertEquals(Content.number(i), heap.getLong(root + Content.FIRST_NUMBER + 8L * i));
      }
      assertHolds(heap, allocator.get(root + Content.SMALL_SLOT), Content.SMALL);
      assertHolds(heap, allocator.get(root + Content.LARGE_SLOT), Content.LARGE);
      long loose = heap.getLong(root + Content.LOOSE);
      assertEquals(42, heap.getLong(loose));
      assertTrue(allocator.usableSize(loose) >= Content.SMALL);
      assertSound(allocator);
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void keptBlocksAreFreedAndTheHeapGrows(Path set) throws IOException {
    try (Heap heap = attach(set, KeptHeaps.HEAP);
        Allocator allocator = Allocator.on(heap)) {
      long root = allocator.get(allocator.findRoot("numbers").orElseThrow().slot());
      allocator.free(heap.getLong(root + Content.LOOSE));
      assertTrue(allocator.freeFrom(root + Content.SMALL_SLOT));
      assertTrue(allocator.move(root + Content.LARGE_SLOT, root + Content.SMALL_SLOT));
      assertHolds(heap, allocator.get(root + Content.SMALL_SLOT), Content.LARGE);
      long length = heap.length();
      allocator.allocate(8 << 20);
      assertTrue(heap.length() > length);
      assertSound(allocator);
    }
  }

  private static void assertHolds(Heap heap, long block, int length) {
    assertArrayEquals(Content.bytes(length), heap.getBytes(block, length));
  }

  private static void assertSound(Allocator allocator) {
    allocator.recover();
    assertEquals(List.of(), allocator.check().findings());
  }

  @ParameterizedTest
  @MethodSource("sets")
  void keptMessagesAreReceived(Path set) throws Exception {
    try (Heap heap = attach(set, KeptHeaps.HEAP);
        Allocator allocator = Allocator.on(heap)) {
      Channel jobs = Channel.named(allocator, "jobs", Content.JOBS);
      for (String job : List.of("first", "", "third", "behind the claim")) {
        assertArrayEquals(utf8(job), jobs.receive(SOON).orElseThrow());
      }
      assertEquals(0, jobs.size());
      Channel ticks = Channel.named(allocator, "ticks", Content.TICKS);
      assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, ticks.receive(SOON).orElseThrow());
      Channel flow = Channel.named(allocator, "flow", Content.FLOW);
      assertArrayEquals(Content.bytes(10), flow.receive(SOON).orElseThrow());
      assertArrayEquals(Content.bytes(Content.LONG_MESSAGE), flow.receive(SOON).orElseThrow());
      flow.send(utf8("more"));
      assertArrayEquals(utf8("more"), flow.receive(SOON).orElseThrow());
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void keptTopicsAndRequestChannelsGoOn(Path set) throws Exception {
    try (Heap heap = attach(set, KeptHeaps.HEAP);
        Allocator allocator = Allocator.on(heap)) {
      Topic news = Topic.named(allocator, "news", Content.NEWS);
      try (Subscription subscription = news.subscribe()) {
        news.publish(utf8("new"));
        assertArrayEquals(utf8("new"), subscription.receive(SOON).orElseThrow());
      }
      assertFalse(RequestChannel.named(allocator, "sums", Content.SUMS).isShutdown());
      assertThrows(RuntimeException.class, () -> Channel.named(allocator, "sums", Content.JOBS));
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void locksThatTheDeadHeldAreTaken(Path set) throws IOException {
    try (Heap heap = attach(set, KeptHeaps.HEAP);
        Allocator allocator = Allocator.on(heap)) {
      assertEquals(
          Acquisition.CONSISTENT, Mutex.named(allocator, "free mutex").acquireUninterruptibly());
      for (RobustLock lock :
          List.of(
              Mutex.named(allocator, "mutex"),
              FastMutex.named(allocator, "fast mutex"),
              FairMutex.named(allocator, "fair mutex"),
              Monitor.named(allocator, "monitor"))) {
        assertEquals(Acquisition.OWNER_DIED, lock.acquireUninterruptibly());
        lock.markConsistent();
        lock.unlock();
        assertTrue(lock.tryLock());
      }
      SharedReadWriteLock lock = SharedReadWriteLock.named(allocator, "read-write lock");
      assertTrue(lock.writeLock().tryLock());
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void keptSynchronizersSayWhatTheySaid(Path set) throws IOException {
    try (Heap heap = attach(set, KeptHeaps.HEAP);
        Allocator allocator = Allocator.on(heap)) {
      assertEquals(4, SharedSemaphore.named(allocator, "semaphore", 5, 9).availablePermits());
      assertEquals(9, SharedSemaphore.named(allocator, "semaphore", 5, 9).maxPermits());
      assertEquals(3, RobustSemaphore.named(allocator, "robust semaphore", 3).availablePermits());
      assertEquals(2, SharedLatch.named(allocator, "latch", 3).count());
      assertEquals(2, SharedBarrier.named(allocator, "barrier", 2).parties());
      assertTrue(SharedEvent.named(allocator, "event").isSet());
      assertTrue(Once.named(allocator, "once").isDone());
      assertFalse(
          SharedCondition.named(allocator, "condition", Mutex.named(allocator, "mutex"))
              .toString()
              .isEmpty());
      assertFalse(EventCount.named(allocator, "event count").mayHaveSleepers());
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void keptPlainHeapIsReadAndGrows(Path set) throws IOException {
    try (Heap heap = attach(set, KeptHeaps.PLAIN)) {
      assertEquals(Content.PLAIN_CONTENT, heap.dataOffset());
      assertHolds(heap, Content.PLAIN_CONTENT, Content.SMALL);
      long length = heap.length();
      heap.ensure(length + 1);
      assertTrue(heap.length() > length);
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void keptCheckingHeapFindsAnOverrun(Path set) throws IOException {
    try (Heap heap = attach(set, KeptHeaps.CHECKING);
        Allocator allocator = Allocator.on(heap)) {
      assertTrue(allocator.isChecking());
      long root = allocator.get(allocator.findRoot("checked").orElseThrow().slot());
      long block = allocator.get(root);
      assertHolds(heap, block, Content.SMALL);
      assertSound(allocator);
      heap.putByte(block + Content.SMALL, (byte) 1);
      assertThrows(InvalidFreeException.class, () -> allocator.freeFrom(root));
    }
  }
}
