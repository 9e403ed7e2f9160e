package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import dev.rszshm.heap.errors.OverlappingPlacesException;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.heap.view.IntCounter;
import dev.rszshm.heap.view.LongCounter;
import dev.rszshm.heap.view.StripedCounter;
import dev.rszshm.heap.view.TypedArray;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogSpec;
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
import dev.rszshm.sync.RobustLatch;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.SharedSemaphore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that callers place over one another are noticed, in the mode that looks for that. */
class OverlapTest {
  private static final ChannelSpec CHANNEL = ChannelSpec.of(16, Width.fixed(8));
  private static final int STEP = 1 << 17;

  private Heap heap;
  private long offset;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(64 << 20).length(8 << 20).checkingOverlaps().createAnonymous();
    offset = heap.dataOffset();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static void refused(Runnable placing) {
    assertThrows(OverlappingPlacesException.class, placing::run);
  }

  @Test
  void aMutexInsideAChannelIsRefusedAndTheChannelGoesOn() throws InterruptedException {
    Channel channel = Channel.at(heap, offset, CHANNEL);
    OverlappingPlacesException refused =
        assertThrows(OverlappingPlacesException.class, () -> Mutex.at(heap, offset + 256));
    assertEquals(
        "Mutex with "
            + Mutex.LENGTH
            + " bytes at offset "
            + (offset + 256)
            + " of "
            + heap.path()
            + " would overlap Channel with "
            + CHANNEL.length(heap)
            + " bytes at offset "
            + offset
            + ": place them apart, or forget the old place, with Heap.forgetPlaces, if it is not"
            + " used any more",
        refused.getMessage());
    byte[] message = {1, 2, 3, 4, 5, 6, 7, 8};
    channel.send(message);
    assertEquals(8, channel.receive().length);
    Mutex.at(heap, offset + CHANNEL.length(heap)).lock();
  }

  @Test
  void arraysThatShareAByteAreRefused() {
    TypedArray.at(heap, offset, ElementType.INT64, 10);
    refused(() -> TypedArray.at(heap, offset + 79, ElementType.INT8, 1));
    refused(() -> TypedArray.at(heap, offset + 72, ElementType.INT32, 100));
    refused(() -> LongCounter.at(heap, offset + 8));
    refused(() -> Mutex.at(heap, offset));
    TypedArray.at(heap, offset + 80, ElementType.INT8, 1);
    TypedArray.at(heap, offset, ElementType.INT64, 10).set(9, 1L);
    refused(() -> TypedArray.at(heap, offset, ElementType.INT64, 11));
    Region region = heap.region(offset + 64, 1000);
    refused(() -> IntCounter.at(region, 8));
    TypedArray.at(region, 100, ElementType.INT8, 10);
    refused(() -> IntCounter.at(heap, offset + 172));
  }

  @Test
  void everyObjectIsFoundAgainAndKeepsOthersOut() {
    List<Runnable> all =
        List.of(
            () -> Mutex.at(heap, offset),
            () -> FastMutex.at(heap, offset + STEP),
            () -> Monitor.at(heap, offset + 2 * STEP),
            () -> FairMutex.at(heap, offset + 3 * STEP),
            () -> FairMutex.at(heap, offset + 4 * STEP, 7),
            () -> SharedReadWriteLock.at(heap, offset + 5 * STEP),
            () -> SharedSemaphore.at(heap, offset + 6 * STEP, 1, 2),
            () -> RobustSemaphore.at(heap, offset + 7 * STEP, 2),
            () -> SharedLatch.at(heap, offset + 8 * STEP, 2),
            () -> RobustLatch.at(heap, offset + 9 * STEP, 2),
            () -> SharedBarrier.at(heap, offset + 10 * STEP, 2),
            () -> SharedEvent.at(heap, offset + 11 * STEP),
            () -> EventCount.at(heap, offset + 12 * STEP),
            () -> Once.at(heap, offset + 13 * STEP),
            () -> LongCounter.at(heap, offset + 14 * STEP),
            () -> IntCounter.at(heap, offset + 15 * STEP),
            () -> StripedCounter.at(heap, offset + 16 * STEP, 4),
            () -> Channel.at(heap, offset + 17 * STEP, CHANNEL),
            () -> RequestChannel.at(heap, offset + 18 * STEP, RequestSpec.of(8, 8)),
            () -> Topic.at(heap, offset + 19 * STEP, TopicSpec.of(16, Width.fixed(8))),
            () -> SharedObject.at(heap, offset + 20 * STEP, Codecs.strings(), 100),
            () -> RingLog.at(heap, offset + 21 * STEP, Codecs.strings(), RingLogSpec.of(64, 16)));
    for (int round = 0; round < 2; round++) {
      all.forEach(Runnable::run);
    }
    for (int i = 0; i < all.size(); i++) {
      long inside = offset + (long) i * STEP + 3;
      refused(() -> TypedArray.at(heap, inside, ElementType.INT8, 1));
    }
    FairMutex.at(heap, offset + 4 * STEP);
  }

  @Test
  void aPlaceThatIsForgottenOrAllocatedAnewIsFree() {
    LongCounter.at(heap, offset);
    heap.forgetPlaces(offset + 7, 1);
    Mutex.at(heap, offset);
    try (Heap other = Heap.builder().span(64 << 20).checkingOverlaps().createAnonymous();
        Allocator allocator = Allocator.on(other)) {
      long block = allocator.allocate(500_000);
      Mutex.at(other, block);
      refused(() -> IntCounter.at(other, block + 4));
      allocator.free(block);
      for (int i = 0; allocator.allocate(500_000) != block; i++) {
        assertTrue(i < 1000, "the block is not allocated again");
      }
      TypedArray.at(other, block, ElementType.INT32, 64);
      Channel named = Channel.named(allocator, "jobs", CHANNEL);
      Channel.named(allocator, "jobs", CHANNEL);
      refused(() -> Mutex.at(other, named.offset()));
      assertTrue(allocator.check().isSound());
    }
  }

  @Test
  void nothingIsRefusedWhereNobodyLooks() {
    try (Heap plain = Heap.builder().span(1 << 20).createAnonymous()) {
      assertFalse(plain.isCheckingOverlaps());
      Mutex.at(plain, plain.dataOffset());
      LongCounter.at(plain, plain.dataOffset());
      plain.forgetPlaces(plain.dataOffset(), 1);
    }
    assertTrue(heap.isCheckingOverlaps());
  }
}
