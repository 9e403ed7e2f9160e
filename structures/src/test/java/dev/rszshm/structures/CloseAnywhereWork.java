package dev.rszshm.structures;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.sync.Mutex;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** Uses everything that lies in a heap, until that is closed. */
final class CloseAnywhereWork implements Runnable {
  static final int SLOTS = 64;

  private static final String CHANNEL = "messages";

  private final Allocator allocator;
  private final Heap heap;
  private final Places places;
  private final Random random;
  private final CountDownLatch working;
  private Throwable end;

  /** Where the slots and the lock are. */
  record Places(long slots, long lock) {
    long slot(int number) {
      return slots + number * 8L;
    }
  }

  CloseAnywhereWork(Allocator allocator, Places places, long seed, CountDownLatch working) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.places = places;
    this.random = new Random(seed);
    this.working = working;
  }

  static Places prepare(Allocator allocator) {
    Channel.named(allocator, CHANNEL, spec());
    return new Places(allocator.allocateZeroed(SLOTS * 8L), allocator.allocateZeroed(64));
  }

  private static ChannelSpec spec() {
    return ChannelSpec.of(16, Width.variable(100));
  }

  /** What ended the work. */
  Throwable end() {
    return end;
  }

  @Override
  public void run() {
    try {
      Channel channel = Channel.named(allocator, CHANNEL, spec());
      Mutex mutex = Mutex.at(heap, places.lock());
      mutex.onOwnerDied(() -> {});
      working.countDown();
      while (true) {
        step(channel, mutex);
      }
    } catch (Throwable e) {
      end = e;
    } finally {
      working.countDown();
    }
  }

  private void step(Channel channel, Mutex mutex) {
    long slot = places.slot(random.nextInt(SLOTS));
    switch (random.nextInt(7)) {
      case 0 -> allocator.allocateInto(slot, 16 + random.nextInt(400));
      case 1 -> allocator.freeFrom(slot);
      case 2 -> allocator.move(slot, places.slot(random.nextInt(SLOTS)));
      case 3 -> allocator.free(allocator.allocate(16 + random.nextInt(4000)));
      case 4 -> channel.trySend(new byte[random.nextInt(100)]);
      case 5 -> channel.tryReceive(new byte[100]);
      default -> {
        mutex.lock();
        try {
          heap.getAndAddLong(places.lock() + 16, 1);
        } finally {
          mutex.unlock();
        }
      }
    }
  }
}
