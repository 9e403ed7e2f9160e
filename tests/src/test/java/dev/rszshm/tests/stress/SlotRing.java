package dev.rszshm.tests.stress;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shared file memory for the states of the stress tests, handed out slot by slot, in a ring.
 *
 * <p>It is what heaps are made of: an in-memory file, laid over reserved addresses as a shared
 * mapping.
 *
 * <p><b>Why no slot is given to two living states.</b> jcstress keeps {@code strideSize} times
 * {@code strideCount} states in an array, 256 times 40 by default and never more than that, because
 * its check of the footprint only makes it less. All threads go over the array, and then each
 * replaces the states of its own part by new ones; nobody begins the next round before all are
 * replaced. So one state lives through fewer than twice that many constructions, 20,480, and the
 * ring has more slots. What jcstress makes to try the test out is dropped before the first round.
 * Whoever runs jcstress by hand must not make strides longer or more than by default.
 */
final class SlotRing {
  static final int SLOT_LENGTH = 128;

  private static final int SLOTS = 1 << 15;
  private static final long LENGTH = (long) SLOTS * SLOT_LENGTH;
  private static final long ADDRESS = 0x33a0_0000_0000L;

  private static final Memory MEMORY = Memory.host();
  private static final long BASE = map(SystemCalls.host());
  private static final AtomicInteger NEXT = new AtomicInteger();

  private SlotRing() {}

  private static long map(SystemCalls calls) {
    int descriptor = calls.createInMemory("rszshm-stress");
    try {
      calls.allocate(descriptor, 0, LENGTH);
      long base = calls.reserve(ADDRESS, LENGTH);
      calls.overlay(descriptor, base, 0, LENGTH, true);
      return base;
    } finally {
      calls.close(descriptor);
    }
  }

  /** The number of the next slot; goes on rising. */
  static int next() {
    return NEXT.getAndIncrement();
  }

  /** The address of a slot, which is filled with zeros. */
  static long zeroed(int number) {
    long slot = BASE + (long) (number & (SLOTS - 1)) * SLOT_LENGTH;
    for (int i = 0; i < SLOT_LENGTH; i += Long.BYTES) {
      MEMORY.putLong(slot + i, 0);
    }
    return slot;
  }
}
