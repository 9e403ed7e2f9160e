package dev.rszshm.tests.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.AddressScan;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.Once;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.sync.SharedCondition;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.SharedSemaphore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Heaps that are kept as files, and how they were made. A file is copied while the heap is in use:
 * locks of the kernel are not copied, so that in the copy everybody who was attached is dead, and
 * what they held is held by the dead.
 *
 * <p>What is here says what is in the newest set. Sets of released versions are never made again;
 * they keep the numbers of {@link Content}.
 */
final class KeptHeaps {
  /** The names of the files. */
  static final String HEAP = "heap";

  static final String PLAIN = "plain";
  static final String CHECKING = "checking";

  /** What is in the files of every set. */
  static final class Content {
    static final long ROOT_TYPE = 4711;
    static final int ROOT_VERSION = 3;
    static final int SMALL = 100;
    static final int LARGE = 300_000;
    static final int NUMBERS = 500;
    static final int LONG_MESSAGE = 40_000;

    /** Where the slot of the small and of the large block are, in the block of the root. */
    static final int SMALL_SLOT = 0;

    static final int LARGE_SLOT = 8;

    /** Offset of a block that no slot refers to. */
    static final int LOOSE = 16;

    static final int FIRST_NUMBER = 64;
    static final int ROOT_SIZE = FIRST_NUMBER + 8 * NUMBERS;

    static final ChannelSpec JOBS = ChannelSpec.of(10, Width.variable(50));
    static final ChannelSpec TICKS = ChannelSpec.of(3, Width.fixed(8));
    static final ChannelSpec FLOW = ChannelSpec.stream(1 << 16);
    static final TopicSpec NEWS = TopicSpec.of(5, Width.variable(20));
    static final RequestSpec SUMS = new RequestSpec(4, 16, 2, 8);

    static final int PLAIN_CONTENT = 24;

    private Content() {}

    static long number(int index) {
      return index * 0x9e37_79b9_7f4a_7c15L;
    }

    static byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (i / 256 + i);
      }
      return bytes;
    }
  }

  private KeptHeaps() {}

  /** The kept files of all versions: a directory for each. */
  static Path all() {
    return Path.of(System.getProperty("dev.rszshm.root"), "tests/src/test/resources/kept");
  }

  /** The set that may still be made anew. */
  static Path newest() {
    return all().resolve("0.1.0");
  }

  /** Makes the newest set anew. */
  static void make(Path scratch) throws Exception {
    Files.createDirectories(newest());
    makeHeap(scratch);
    makePlain(scratch);
    makeChecking(scratch);
  }

  /** Where no heap is put by itself, so that a kept one finds its address free. */
  private static HeapBuilder builder(int number) {
    return Heap.builder()
        .scan(new AddressScan((41L << 40) + ((long) number << 34), 1L << 30, 1))
        .span(64L << 20)
        .participants(8)
        .name("keeper");
  }

  private static void makeHeap(Path scratch) throws Exception {
    try (Heap heap = builder(0).create(scratch.resolve(HEAP));
        Allocator allocator = Allocator.on(heap)) {
      makeBlocks(heap, allocator);
      makeMessages(allocator);
      makeSynchronizers(allocator);
      keep(heap.path(), HEAP);
    }
  }

  private static void makeBlocks(Heap heap, Allocator allocator) {
    long root =
        allocator.get(
            allocator
                .root("numbers", Content.ROOT_TYPE, Content.ROOT_VERSION, Content.ROOT_SIZE)
                .slot());
    for (int i = 0; i < Content.NUMBERS; i++) {
      heap.putLong(root + Content.FIRST_NUMBER + 8L * i, Content.number(i));
    }
    allocator.allocateInto(
        root + Content.SMALL_SLOT,
        Content.SMALL,
        block -> heap.putBytes(block, Content.bytes(Content.SMALL)));
    allocator.allocateInto(
        root + Content.LARGE_SLOT,
        Content.LARGE,
        block -> heap.putBytes(block, Content.bytes(Content.LARGE)));
    long loose = allocator.allocate(Content.SMALL);
    heap.putLong(loose, 42);
    heap.putLong(root + Content.LOOSE, loose);
    allocator.free(allocator.allocate(1000));
  }

  private static void makeMessages(Allocator allocator) throws Exception {
    Channel jobs = Channel.named(allocator, "jobs", Content.JOBS);
    for (String job : new String[] {"received", "first", "", "third"}) {
      jobs.send(job.getBytes(UTF_8));
    }
    jobs.receive();
    jobs.claim(7); // neither committed nor aborted: that of a dead one
    jobs.send("behind the claim".getBytes(UTF_8));
    Channel.named(allocator, "ticks", Content.TICKS).send(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    Channel flow = Channel.named(allocator, "flow", Content.FLOW);
    flow.send(Content.bytes(10));
    flow.send(Content.bytes(Content.LONG_MESSAGE)); // in parts
    Topic.named(allocator, "news", Content.NEWS).publish("old".getBytes(UTF_8));
    RequestChannel.named(allocator, "sums", Content.SUMS);
  }

  private static void makeSynchronizers(Allocator allocator) throws Exception {
    Mutex.named(allocator, "free mutex");
    Mutex held = Mutex.named(allocator, "mutex");
    held.lock();
    FastMutex.named(allocator, "fast mutex").lock();
    FairMutex.named(allocator, "fair mutex").lock();
    Monitor.named(allocator, "monitor").lock();
    Monitor.named(allocator, "monitor").lock();
    SharedReadWriteLock.named(allocator, "read-write lock").readLock().lock();
    SharedCondition.named(allocator, "condition", held);
    SharedSemaphore.named(allocator, "semaphore", 5, 9).acquire();
    RobustSemaphore.named(allocator, "robust semaphore", 3).acquire();
    SharedBarrier.named(allocator, "barrier", 2);
    SharedLatch.named(allocator, "latch", 3).countDown();
    SharedEvent.named(allocator, "event").set();
    Once.named(allocator, "once").run(() -> {});
    EventCount.named(allocator, "event count").signalAll();
  }

  private static void makePlain(Path scratch) throws IOException {
    try (Heap heap = builder(1).plain().create(scratch.resolve(PLAIN))) {
      heap.putBytes(Content.PLAIN_CONTENT, Content.bytes(Content.SMALL));
      keep(heap.path(), PLAIN);
    }
  }

  private static void makeChecking(Path scratch) throws IOException {
    try (Heap heap = builder(2).create(scratch.resolve(CHECKING));
        Allocator allocator = Allocator.checking(heap)) {
      long root = allocator.get(allocator.root("checked", 1, 1, 8).slot());
      allocator.allocateInto(
          root, Content.SMALL, block -> heap.putBytes(block, Content.bytes(Content.SMALL)));
      keep(heap.path(), CHECKING);
    }
  }

  private static void keep(Path heap, String name) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(newest().resolve(name + ".gz")), 1 << 16) {
          {
            def.setLevel(9);
          }
        }) {
      Files.copy(heap, out);
    }
  }

  /** Puts a kept file of a set where a heap can be. */
  static Path unpack(Path set, String name, Path directory) throws IOException {
    Path heap = directory.resolve(name);
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(set.resolve(name + ".gz")), 1 << 16)) {
      Files.copy(in, heap);
    }
    return heap;
  }
}
