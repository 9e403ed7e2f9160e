package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.EventCount;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Where one thread sleeps during one wait, and from where others wake it. An implementation keeps
 * the key between {@link #prepare} and {@link #sleep}; only the thread that waits calls it.
 */
public interface WaitPoint {
  /** Returns the heap. */
  Heap heap();

  /** Returns the offset of a word of what the thread waits for. */
  long offset();

  /**
   * Looks a few times before the first sleep, if that is worth it here.
   *
   * @return whether a look has found something
   */
  default boolean spin(BooleanSupplier look) {
    return false;
  }

  /** Announces a sleep: a signal that comes after this ends the next {@link #sleep} at once. */
  void prepare();

  /**
   * Sleeps until a signal came after {@link #prepare}, for a time at most; may end for no reason.
   *
   * @return whether nobody has woken this thread
   */
  boolean sleep(long nanos);

  /** Wakes another thread, because this one was woken and cannot use what it was woken for. */
  void passOn();

  /** Returns a point that is woken by the signals of an event count. */
  static WaitPoint of(EventCount event) {
    return new EventCountPoint(event);
  }

  /**
   * As {@link #of(EventCount)}.
   *
   * @param limit tells before each sleep how long that may be
   */
  static WaitPoint of(EventCount event, LongUnaryOperator limit) {
    return new EventCountPoint(event) {
      @Override
      public boolean sleep(long nanos) {
        return super.sleep(limit.applyAsLong(nanos));
      }
    };
  }

  /** Returns a point that is woken by the signals of an event count that came after a key. */
  static WaitPoint after(EventCount event, int since) {
    return new EventCountPoint(event) {
      @Override
      public void prepare() {
        key = since;
      }

      @Override
      public void passOn() {
        // Whoever was woken by a signal after the key has found it.
      }
    };
  }

  /** Returns a point that is woken by the signals of any of several event counts of one heap. */
  static WaitPoint ofAny(Heap heap, List<EventCount> events) {
    int[] keys = new int[events.size()];
    return new WaitPoint() {
      @Override
      public Heap heap() {
        return heap;
      }

      @Override
      public long offset() {
        return events.get(0).offset();
      }

      @Override
      public void prepare() {
        for (int i = 0; i < keys.length; i++) {
          keys[i] = events.get(i).prepare();
        }
      }

      @Override
      public boolean sleep(long nanos) {
        return EventCount.sleepOnAny(events, keys, Deadline.after(heap, nanos));
      }

      @Override
      public void passOn() {
        events.forEach(EventCount::signalOne);
      }
    };
  }
}
