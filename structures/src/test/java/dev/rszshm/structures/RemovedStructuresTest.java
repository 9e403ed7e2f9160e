package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.structures.bitset.SharedBitSet;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.errors.StructureRemovedException;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedLongMap;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.DequeSpec;
import dev.rszshm.structures.queue.QueueSpec;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import dev.rszshm.structures.strings.StringTable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Who uses a structure that somebody has removed is told so, and is not left waiting. */
class RemovedStructuresTest {
  private static final Codec<Long> LONGS = Codecs.longs();
  private static final SortedMapSpec<Long, Long> SORTED =
      SortedMapSpec.of(OrderedCodecs.longs(), Codecs.longs());

  private static void assertTold(Executable... uses) {
    for (Executable use : uses) {
      StructureRemovedException told = assertThrows(StructureRemovedException.class, use);
      assertTrue(told.getMessage().contains("was removed"), told.getMessage());
    }
  }

  @Test
  void whoeverUsesAMapThatWasRemovedIsTold() {
    try (StructureFixture fixture = new StructureFixture()) {
      Allocator allocator = fixture.allocator;
      SharedMap<Long, byte[]> map = SharedMap.named(allocator, "map", LONGS, Codecs.byteArrays());
      SharedLongMap longs = SharedLongMap.named(allocator, "map", MapSpec.standard());
      map.put(1L, new byte[8]);
      longs.get(1);
      assertTrue(SharedMap.remove(allocator, "map", MapSpec.standard()));
      assertTold(
          () -> map.put(1L, new byte[8]),
          () -> map.get(1L),
          () -> map.remove(1L),
          () -> map.size(),
          () -> map.clear(),
          () -> longs.get(1),
          () -> longs.put(1, new byte[8]),
          () -> longs.remove(1));
      SharedSortedMap<Long, Long> sorted = SharedSortedMap.named(allocator, "sorted", SORTED);
      sorted.put(1L, 1L);
      assertTrue(SharedSortedMap.remove(allocator, "sorted", SORTED));
      assertTold(
          () -> sorted.put(1L, 1L),
          () -> sorted.get(1L),
          () -> sorted.remove(1L),
          () -> sorted.size(),
          () -> sorted.firstKey());
      fixture.assertBlocks(0);
    }
  }

  @Test
  void whoeverUsesAListOrItsLikeThatWasRemovedIsTold() {
    try (StructureFixture fixture = new StructureFixture()) {
      Allocator allocator = fixture.allocator;
      SharedList<Long> list = SharedList.named(allocator, "list", LONGS);
      list.append(1L);
      assertTrue(SharedList.remove(allocator, "list"));
      assertTold(
          () -> list.append(1L),
          () -> list.get(0),
          () -> list.set(0, 1L),
          () -> list.size(),
          () -> list.isEmpty());
      SharedBitSet bits = SharedBitSet.named(allocator, "bits");
      bits.set(1);
      assertTrue(SharedBitSet.remove(allocator, "bits"));
      assertTold(
          () -> bits.set(1), () -> bits.get(1), () -> bits.clear(), () -> bits.cardinality());
      CounterMap<Long> counters = CounterMap.named(allocator, "counters", LONGS);
      counters.add(1L, 1);
      assertTrue(CounterMap.remove(allocator, "counters"));
      assertTold(() -> counters.add(1L, 1), () -> counters.get(1L), () -> counters.sum());
      StringTable strings = StringTable.named(allocator, "strings");
      strings.intern("one");
      assertTrue(StringTable.remove(allocator, "strings"));
      assertTold(
          () -> strings.intern("one"),
          () -> strings.intern("two"),
          () -> strings.get(0),
          () -> strings.size());
      fixture.assertBlocks(0);
    }
  }

  @Test
  void whoWaitsAtAQueueThatIsRemovedIsTold() throws Exception {
    try (StructureFixture fixture = new StructureFixture()) {
      Allocator allocator = fixture.allocator;
      BlockingQueue<Long> full = SharedQueue.named(allocator, "full", LONGS, QueueSpec.bounded(1));
      BlockingQueue<Long> empty = SharedQueue.named(allocator, "empty", LONGS);
      full.add(1L);
      assertWaitersAreTold(full, empty, name -> SharedQueue.remove(allocator, name));
      BlockingQueue<Long> fullDeque =
          SharedDeque.named(allocator, "full", LONGS, DequeSpec.bounded(1));
      BlockingQueue<Long> emptyDeque = SharedDeque.named(allocator, "empty", LONGS);
      fullDeque.add(1L);
      assertWaitersAreTold(fullDeque, emptyDeque, name -> SharedDeque.remove(allocator, name));
      fixture.assertBlocks(0);
    }
  }

  private interface Remover {
    boolean remove(String name);
  }

  private static void assertWaitersAreTold(
      BlockingQueue<Long> full, BlockingQueue<Long> empty, Remover remover) throws Exception {
    FutureTask<?> putter = start(() -> full.offer(2L, 1, TimeUnit.HOURS));
    FutureTask<?> taker = start(empty::take);
    assertTrue(remover.remove("full"));
    assertTrue(remover.remove("empty"));
    for (FutureTask<?> waiter : new FutureTask<?>[] {putter, taker}) {
      ExecutionException thrown =
          assertThrows(ExecutionException.class, () -> waiter.get(180, TimeUnit.SECONDS));
      assertInstanceOf(StructureRemovedException.class, thrown.getCause());
    }
    assertTold(
        () -> full.add(1L),
        () -> full.poll(),
        () -> full.peek(),
        () -> full.size(),
        () -> full.clear(),
        () -> full.contains(1L),
        () -> full.remove(1L),
        () -> full.iterator().hasNext(),
        () -> empty.put(1L),
        () -> empty.take());
  }

  /** Starts a thread, and returns when it waits. */
  private static FutureTask<?> start(Callable<?> action) {
    FutureTask<?> task = new FutureTask<>(action);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    while (!task.isDone() && !isWaiting(thread)) {
      Thread.onSpinWait();
    }
    return task;
  }

  /** Whether a thread is in the call that lets it sleep. */
  private static boolean isWaiting(Thread thread) {
    for (StackTraceElement element : thread.getStackTrace()) {
      if (element.getMethodName().equals("sleepWhile")) {
        return true;
      }
    }
    return false;
  }

  @Test
  void whatWasRemovedIsMadeAnew() {
    try (StructureFixture fixture = new StructureFixture()) {
      long place = fixture.allocator.allocateZeroed(SharedQueue.LENGTH);
      SharedQueue<Long> queue =
          SharedQueue.at(fixture.allocator, place, LONGS, QueueSpec.unbounded());
      queue.add(1L);
      queue.dismantle();
      assertTold(() -> queue.add(1L));
      SharedQueue<Long> next =
          SharedQueue.at(fixture.allocator, place, LONGS, QueueSpec.unbounded());
      next.add(2L);
      assertEquals(2, next.poll());
    }
  }
}
