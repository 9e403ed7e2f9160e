package dev.rszshm.structures.sorted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A heap is closed at any moment, under threads that use a sorted map in it, while another
 * participant uses it and settles what they left.
 */
@Timeout(300)
class SortedMapCloseAnywhereTest {
  private static final SortedMapSpec<Long, byte[]> SPEC =
      SortedMapSpec.of(OrderedCodecs.longs(), Codecs.byteArrays()).nodeLength(512);
  private static final int ROUNDS = 12;
  private static final int THREADS = 3;
  private static final int KEYS = 500;

  private Path directory;
  private Heap watching;
  private Allocator watcher;

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
  }

  @AfterEach
  void close() throws IOException {
    watching.close();
    watching.remove();
    Files.delete(directory);
  }

  @Test
  void whoeverUsesTheMapGetsAnExceptionAndTheMapIsSound() throws InterruptedException {
    SharedSortedMap<Long, byte[]> watched = SharedSortedMap.named(watcher, "map", SPEC);
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      Heap heap = Heap.attach(watching.path());
      Allocator allocator = Allocator.on(heap);
      SharedSortedMap<Long, byte[]> map = SharedSortedMap.named(allocator, "map", SPEC);
      CountDownLatch working = new CountDownLatch(THREADS);
      Throwable[] ends = new Throwable[THREADS];
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        Random own = new Random(random.nextLong());
        threads.add(new Thread(() -> ends[number] = use(map, own, working)));
      }
      threads.forEach(Thread::start);
      working.await();
      int steps = random.nextInt(300);
      for (int i = 0; i < steps; i++) {
        step(watched, random);
      }
      heap.close();
      for (Thread thread : threads) {
        thread.join();
      }
      for (Throwable end : ends) {
        assertInstanceOf(IllegalStateException.class, end);
      }
      watcher.recover();
      SortedMapCheck check = watched.check();
      assertEquals(List.of(), check.findings());
      assertEquals(1 + check.blocks(), watcher.check().blocks(), () -> "blocks with " + check);
    }
  }

  private static Throwable use(
      SharedSortedMap<Long, byte[]> map, Random random, CountDownLatch working) {
    try {
      working.countDown();
      while (true) {
        step(map, random);
      }
    } catch (IllegalStateException end) {
      return end;
    }
  }

  private static void step(SharedSortedMap<Long, byte[]> map, Random random) {
    long key = random.nextInt(KEYS);
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> map.put(key, new byte[random.nextInt(200)]);
      case 3, 4 -> map.remove(key);
      case 5 -> map.get(key);
      case 6 -> map.lowerKey(key);
      case 7 -> map.tailMap(key).forEach((k, v) -> {});
      default -> map.pollFirstEntry();
    }
  }
}
