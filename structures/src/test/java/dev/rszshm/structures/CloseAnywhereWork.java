package dev.rszshm.structures;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.EndTakenException;
import dev.rszshm.sync.Mutex;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** Uses everything that lies in a heap, until that is closed. */
final class CloseAnywhereWork implements Runnable {
  static final int SLOTS = 64;

  private static final String CHANNEL = "messages";
  private static final String ONE_TO_ONE = "one to one";
  private static final int LONGEST = 100;

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
    oneToOne(allocator);
    return new Places(allocator.allocateZeroed(SLOTS * 8L), allocator.allocateZeroed(64));
  }

  private static ChannelSpec spec() {
    return ChannelSpec.of(16, Width.variable(LONGEST));
  }

  /** A channel of which one thread at a time has each end. */
  static Channel oneToOne(Allocator allocator) {
    return Channel.named(allocator, ONE_TO_ONE, spec().singleSender().singleReceiver());
  }

  /** A message of so many bytes, each of which says so. */
  static byte[] message(int length) {
    byte[] message = new byte[length];
    Arrays.fill(message, (byte) length);
    return message;
  }

  /** What ended the work. */
  Throwable end() {
    return end;
  }

  @Override
  public void run() {
    try {
      Channel channel = Channel.named(allocator, CHANNEL, spec());
      Channel one = oneToOne(allocator);
      Mutex mutex = Mutex.at(heap, places.lock());
      mutex.onOwnerDied(() -> {});
      working.countDown();
      while (true) {
        step(channel, one, mutex);
      }
    } catch (Throwable e) {
      end = e;
    } finally {
      working.countDown();
    }
  }

  private void step(Channel channel, Channel one, Mutex mutex) {
    long slot = places.slot(random.nextInt(SLOTS));
    switch (random.nextInt(10)) {
      case 0 -> allocator.allocateInto(slot, 16 + random.nextInt(400));
      case 1 -> allocator.freeFrom(slot);
      case 2 -> allocator.move(slot, places.slot(random.nextInt(SLOTS)));
      case 3 -> allocator.free(allocator.allocate(16 + random.nextInt(4000)));
      case 4 -> channel.trySend(new byte[random.nextInt(LONGEST)]);
      case 5 -> channel.tryReceive(new byte[LONGEST]);
      case 6, 7, 8 -> useOneEnd(one);
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

  private void useOneEnd(Channel one) {
    try {
      switch (random.nextInt(5)) {
        case 0, 1 -> one.trySend(message(random.nextInt(LONGEST)));
        case 2, 3 -> requireWhole(one.tryReceive().orElse(message(0)));
        default -> one.leave();
      }
    } catch (EndTakenException e) {
      // Another thread has it.
    }
  }

  static void requireWhole(byte[] message) {
    if (!Arrays.equals(message(message.length), message)) {
      throw new AssertionError("found " + Arrays.toString(message));
    }
  }
}
