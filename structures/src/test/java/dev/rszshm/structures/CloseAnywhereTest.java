package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A heap is closed at any moment, under threads that use everything that lies in it, and attached
 * again at the same address at once, while another participant recovers what they left and uses it.
 */
@Timeout(300)
class CloseAnywhereTest {
  private static final int ROUNDS = Integer.getInteger("dev.rszshm.close.rounds", 40);
  private static final int THREADS = 6;
  private static final int BLOCK_LENGTH = 64;
  private static final byte OWN = 0x5a;

  private Path directory;
  private Heap watching;
  private Allocator watcher;
  private CloseAnywhereWork.Places places;

  @BeforeEach
  void open() throws IOException {
    directory = Files.createTempDirectory(Path.of("/dev/shm"), "rszshm-close");
    Path path = directory.resolve("heap");
    Heap.builder().span(256 << 20).create(path).close();
    // It stands for another process: a participant of its own, and mapped elsewhere.
    try (Heap own = Heap.attach(path)) {
      watching = Heap.builder().anyAddress().attach(path);
    }
    watcher = Allocator.on(watching);
    places = CloseAnywhereWork.prepare(watcher);
  }

  @AfterEach
  void close() throws IOException {
    watching.close();
    watching.remove();
    Files.delete(directory);
  }

  @Test
  void closingUnderThreadsHarmsNobody() throws Exception {
    long seed = new Random().nextLong();
    for (int round = 0; round < ROUNDS; round++) {
      round(seed + round, Thread::new);
    }
  }

  @Test
  void closingUnderVirtualThreadsHarmsNobody() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
    long seed = new Random().nextLong();
    for (int round = 0; round < ROUNDS; round++) {
      round(seed + round, CloseAnywhereTest::virtual);
    }
  }

  /** A virtual thread, by reflection because this is compiled for JDK 17. */
  private static Thread virtual(Runnable work) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      return (Thread)
          Class.forName("java.lang.Thread$Builder")
              .getMethod("unstarted", Runnable.class)
              .invoke(builder, work);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("virtual threads", e);
    }
  }

  private interface ThreadKind {
    Thread of(Runnable work);
  }

  private void round(long seed, ThreadKind kind) throws InterruptedException {
    Heap heap = Heap.attach(watching.path());
    CountDownLatch working = new CountDownLatch(THREADS);
    List<CloseAnywhereWork> works = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    Allocator allocator = Allocator.on(heap);
    for (int i = 0; i < THREADS; i++) {
      works.add(new CloseAnywhereWork(allocator, places, seed * THREADS + i, working));
      threads.add(kind.of(works.get(i)));
    }
    threads.forEach(Thread::start);
    working.await();
    turns(new Random(seed).nextInt(20_000));
    heap.close();
    // At once, at the same address, while the threads of the first attachment are still ending.
    try (Heap again = Heap.attach(watching.path())) {
      assertEquals(heap.base(), again.base());
      useTheEndsThatWereLeft(seed);
      List<Long> blocks = recoverAndUse(seed);
      for (Thread thread : threads) {
        thread.join();
      }
      requireUntouched(blocks, seed);
    }
    for (CloseAnywhereWork work : works) {
      assertTrue(
          work.end() instanceof IllegalStateException,
          () -> "seed " + seed + ": ended by " + describe(work.end()));
    }
    requireSound(seed);
  }

  private void turns(int count) {
    for (int i = 0; i < count; i++) {
      watching.getLongVolatile(places.slot(0));
    }
  }

  /** Takes over what the closed attachment had, and puts marks into what it allocates there. */
  private List<Long> recoverAndUse(long seed) {
    watcher.recover();
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      long block = watcher.allocate(BLOCK_LENGTH);
      watching.fill(block, BLOCK_LENGTH, OWN);
      blocks.add(block);
    }
    assertEquals(blocks.size(), Set.copyOf(blocks).size(), () -> "seed " + seed);
    return blocks;
  }

  /** Takes over both ends of a channel, and sends through it what a late write would spoil. */
  private void useTheEndsThatWereLeft(long seed) {
    Channel one = CloseAnywhereWork.oneToOne(watcher);
    for (byte[] left = new byte[0]; left != null; left = one.tryReceive().orElse(null)) {
      CloseAnywhereWork.requireWhole(left);
    }
    for (int i = 0; i < 300; i++) {
      byte[] message = CloseAnywhereWork.message(i % 100);
      assertTrue(one.trySend(message), () -> "seed " + seed);
      assertArrayEquals(message, one.tryReceive().orElseThrow(), () -> "seed " + seed);
    }
    one.leave();
  }

  private void requireUntouched(List<Long> blocks, long seed) {
    byte[] expected = new byte[BLOCK_LENGTH];
    Arrays.fill(expected, OWN);
    for (long block : blocks) {
      assertArrayEquals(
          expected, watching.getBytes(block, BLOCK_LENGTH), () -> "a late write, seed " + seed);
      watcher.free(block);
    }
  }

  private void requireSound(long seed) {
    watcher.recover();
    Set<Long> referred = new HashSet<>();
    for (int i = 0; i < CloseAnywhereWork.SLOTS; i++) {
      long block = watcher.get(places.slot(i));
      assertTrue(block == 0 || referred.add(block), () -> "a block in two slots, seed " + seed);
    }
    assertTrue(watcher.check().isSound(), () -> "seed " + seed + ": " + watcher.check());
  }

  private static String describe(Throwable end) {
    StringBuilder text = new StringBuilder(String.valueOf(end));
    for (StackTraceElement frame : end == null ? new StackTraceElement[0] : end.getStackTrace()) {
      text.append("\n  at ").append(frame);
    }
    return text.toString();
  }
}
