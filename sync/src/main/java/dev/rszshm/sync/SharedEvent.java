package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.EventLayout;
import java.time.Duration;

/*
 * Layout
 * ------
 * EventLayout.
 *
 * Protocol
 * --------
 * set: write 1, signal all. reset: write 0. await: wait for 1.
 *
 * If a process dies here
 * ----------------------
 * It was set, or not. Before the signal: those who sleep look when their slice ends.
 */

/**
 * A flag that threads of any process wait for: all of them go on while it is set. It stays set
 * until somebody resets it.
 *
 * <p>A thread that waits while the event is set and reset at once may miss it: use a {@link
 * SharedLatch} for what happens once, a {@link SharedSemaphore} for what is counted. All methods
 * may be called by any thread, and have volatile order.
 */
public final class SharedEvent {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_000aL;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 4. Zeros are a new one, not set. */
  public static final int LENGTH = EventLayout.LENGTH;

  private final Heap heap;
  private final long offset;
  private final EventCount events;

  private SharedEvent(Heap heap, long offset) {
    this.heap = heap;
    this.offset = offset + EventLayout.STATE;
    this.events = EventCount.at(heap, offset + EventLayout.EVENTS);
  }

  /** The event at an offset. */
  public static SharedEvent at(Heap heap, long offset) {
    Places.note(heap, SharedEvent.class, offset, LENGTH);
    return new SharedEvent(heap, offset);
  }

  /** Finds the event of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static SharedEvent named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place);
  }

  /** Whether it is set. */
  public boolean isSet() {
    return heap.getIntVolatile(offset) != 0;
  }

  /** Sets it, and wakes all who wait. */
  public void set() {
    heap.putIntVolatile(offset, 1);
    events.signalAll();
  }

  /**
   * Makes it not set.
   *
   * @return whether it was
   */
  public boolean reset() {
    return heap.getAndSetInt(offset, 0) != 0;
  }

  /** Waits until it is set. An interrupt is noticed within 50 ms. */
  public void await() throws InterruptedException {
    events.await(this::isSet);
  }

  /**
   * Waits until it is set, for a limited time on the monotonic clock.
   *
   * @return whether it is
   */
  public boolean await(Duration time) throws InterruptedException {
    return events.await(this::isSet, time);
  }
}
