package dev.rszshm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.bitset.SharedBitSet;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogSpec;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import dev.rszshm.structures.strings.StringTable;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLatch;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.sync.SharedReadWriteLock;
import java.nio.file.Path;

/** A heap in which there is one of most structures. */
public final class SampleHeap implements AutoCloseable {
  static final long SPAN = 64L << 20;

  final Path path;
  private final Heap heap;
  private final Allocator allocator;
  final Mutex accounts;
  private final RobustSemaphore permits;

  /** Makes one, attached as "tester". */
  public SampleHeap(Path path) throws InterruptedException {
    this.path = path;
    this.heap = Heap.builder().name("tester").span(SPAN).create(path);
    this.allocator = Allocator.on(heap);
    this.accounts = Mutex.named(allocator, "accounts");
    SharedMap<String, String> names =
        SharedMap.named(
            allocator,
            "names",
            Codecs.strings(),
            Codecs.strings(),
            MapSpec.standard().withShards(4));
    for (int i = 0; i < 100; i++) {
      names.put("key " + i, "value " + i);
    }
    Channel jobs = Channel.named(allocator, "jobs", ChannelSpec.of(8, Width.variable(40)));
    jobs.send("first".getBytes(UTF_8));
    jobs.send("second".getBytes(UTF_8));
    Topic.named(allocator, "news", TopicSpec.of(4, Width.fixed(8))).publish(new byte[8]);
    RequestChannel.named(allocator, "questions", new RequestSpec(64, 64, 4, 4));
    SharedObject.named(allocator, "settings", Codecs.strings(), 100).set("on");
    FairMutex.named(allocator, "fair");
    SharedReadWriteLock.named(allocator, "table");
    this.permits = RobustSemaphore.named(allocator, "permits", 3);
    permits.acquire();
    RobustLatch.named(allocator, "latch", 2);
    SharedBarrier.named(allocator, "barrier", 3);
    addCollections();
    long words = allocator.place("words", 7, 1, 64);
    heap.putLong(words + 8, 42);
    for (int i = 0; i < 300; i++) {
      allocator.allocate(100 + i * 7L);
    }
    allocator.allocate(1 << 20);
  }

  private void addCollections() {
    SharedList<String> lines = SharedList.named(allocator, "lines", Codecs.strings());
    CounterMap<String> counts = CounterMap.named(allocator, "counts", Codecs.strings());
    StringTable units = StringTable.named(allocator, "units");
    SharedSortedMap<String, Long> prices =
        SharedSortedMap.named(
            allocator, "prices", SortedMapSpec.of(OrderedCodecs.strings(), Codecs.longs()));
    SharedQueue<String> work = SharedQueue.named(allocator, "work", Codecs.strings());
    SharedDeque<String> undo = SharedDeque.named(allocator, "undo", Codecs.strings());
    RingLog<String> events =
        RingLog.named(allocator, "events", Codecs.strings(), RingLogSpec.of(8, 40));
    SharedBitSet done = SharedBitSet.named(allocator, "done");
    SharedArray<Integer> numbers = SharedArray.named(allocator, "numbers", ElementType.INT32, 100);
    SharedArray<Point> points =
        SharedArray.named(allocator, "points", StructLayout.of(Point.class), 10);
    for (int i = 0; i < 60; i++) {
      lines.append("line " + i);
      counts.add("word " + i % 20, i);
      units.intern("unit " + i);
      prices.put("price " + i, (long) i);
      work.add("work " + i);
      undo.add("step " + i);
      events.append("event " + i);
      done.set(i * 3L);
      numbers.set(i, i);
    }
    points.set(3, new Point(1, 2));
  }

  /** A struct. */
  public record Point(int x, long y) {}

  /** Returns the heap. */
  public Heap heap() {
    return heap;
  }

  /** Returns a semaphore of which it holds a permit. */
  public RobustSemaphore permits() {
    return permits;
  }

  /** Returns its allocator. */
  public Allocator allocator() {
    return allocator;
  }

  @Override
  public void close() {
    allocator.close();
    heap.close();
  }

  /** Makes one at a path, for whoever wants to see the command at work, and stays for a while. */
  public static void main(String[] words) throws Exception {
    try (SampleHeap sample = new SampleHeap(Path.of(words[0]))) {
      sample.accounts.lock();
      System.out.println("made");
      System.out.flush();
      System.in.read();
      if (words.length > 1) {
        Runtime.getRuntime().halt(1);
      }
      sample.accounts.unlock();
    }
  }
}
