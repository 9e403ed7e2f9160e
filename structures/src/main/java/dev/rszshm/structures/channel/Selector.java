package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.ring.Patience.Outcome;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.EventCount;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/*
 * Waits for several channels at once.
 *
 * Layout
 * ------
 * Nothing of its own: the rings of the channels, and their event counts.
 *
 * Protocol
 * --------
 *  1 look at each channel, from the one behind the last that was returned: a message, closed, or all
 *    senders gone: return it;
 *  2 prepare to sleep on the event count of each; 3 look at all again; 4 sleep on all of them.
 * A signal that is meant for one sleeper may wake this thread for a channel that it does not return. So
 * before it returns, it passes on the signals of the others that are ready.
 *
 * If a process dies here
 * ----------------------
 * It has received nothing. A signal that it was woken by is made good by the slice of 50 ms of whoever
 * else waits.
 */

/**
 * Waits until any of several channels of one heap has something to receive.
 *
 * <pre>{@code
 * Selector selector = Selector.of(jobs, orders);
 * while (true) {
 *   Channel ready = selector.await();
 *   byte[] message = ready.tryReceive(); // null: another receiver was faster
 *   …
 * }
 * }</pre>
 *
 * <p>Channels that are ready take turns. A channel is ready as well when it is closed and empty,
 * every time, and when all its senders have died or detached, once for each time that happens: what
 * {@link Channel#receive()} says then, it says at once or within 100 ms.
 *
 * <p>A selector belongs to one thread at a time. This process counts as a receiver of each channel
 * from the first call on.
 */
public final class Selector {
  /** The most channels of one selector. */
  public static final int MOST_CHANNELS = 128;

  /** As long as a sender who is not stopped needs to write a message, and a little. */
  private static final long BUSY_NANOS = 1_000_000;

  /** Then it is stopped, or takes its time, and signals. */
  private static final int BUSY_SLEEPS = 50;

  private final Heap heap;
  private final Channel[] channels;
  private final List<EventCount> events;
  private final long[] told;
  private final int spins;
  private int next;

  private Selector(Heap heap, Channel[] channels) {
    this.heap = heap;
    this.channels = channels;
    this.events = Stream.of(channels).map(Channel::notEmpty).toList();
    this.told = new long[channels.length];
    this.spins = heap.processors() > 1 ? 200 : 0;
  }

  /**
   * A selector of channels.
   *
   * @param channels 1 to {@link #MOST_CHANNELS} of them, all made with the same {@link Heap} object
   */
  public static Selector of(Channel... channels) {
    if (channels.length < 1 || channels.length > MOST_CHANNELS) {
      throw new IllegalArgumentException(
          "found " + channels.length + " channels, expected 1 to " + MOST_CHANNELS);
    }
    Heap heap = channels[0].heap();
    for (Channel channel : channels) {
      if (channel.heap() != heap) {
        throw new IllegalArgumentException(
            "found channels of "
                + heap
                + " and of "
                + channel.heap()
                + ", expected all of one heap object: use a selector and a thread for each");
      }
    }
    return new Selector(heap, channels.clone());
  }

  /**
   * Waits for a channel that is ready. An interrupt is kept for later.
   *
   * @throws IllegalStateException if the heap is closed
   */
  public Channel await() {
    try {
      return await(Deadline.never(), false);
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** As {@link #await()}, but an interrupt before or while it waits ends it, within 50 ms. */
  public Channel awaitInterruptibly() throws InterruptedException {
    return await(Deadline.never(), true);
  }

  /**
   * As {@link #awaitInterruptibly}, but waits no longer than a time.
   *
   * @return null if the time was over
   */
  public Channel await(Duration timeout) throws InterruptedException {
    return await(Deadline.after(heap, timeout), true);
  }

  /**
   * A channel that is ready now.
   *
   * @return null if there is none
   */
  public Channel tryAwait() {
    Outcome[] outcomes = new Outcome[channels.length];
    int ready = look(outcomes);
    return choose(ready >= 0 ? ready : whoseSendersHaveGone());
  }

  private Channel await(Deadline deadline, boolean interruptible) throws InterruptedException {
    if (interruptible && Thread.interrupted()) {
      throw new InterruptedException("interrupted before waiting");
    }
    for (int i = 0; i <= spins; i++) {
      int ready = look(new Outcome[channels.length]);
      if (ready >= 0) {
        return choose(ready);
      }
      Thread.onSpinWait();
    }
    waiting(true);
    Channel chosen;
    try {
      chosen = choose(sleepUntilReady(deadline, interruptible));
    } catch (Throwable thrown) {
      try {
        endWait();
      } catch (RuntimeException also) {
        thrown.addSuppressed(also);
      }
      throw thrown;
    }
    endWait();
    return chosen;
  }

  private int sleepUntilReady(Deadline deadline, boolean interruptible)
      throws InterruptedException {
    Outcome[] outcomes = new Outcome[channels.length];
    int[] keys = new int[channels.length];
    int busySleeps = 0;
    while (true) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = events.get(i).prepare();
      }
      int ready = look(outcomes);
      ready = ready >= 0 ? ready : whoseSendersHaveGone();
      if (ready >= 0 || deadline.hasPassed()) {
        return ready;
      }
      boolean busy = Arrays.asList(outcomes).contains(Outcome.BUSY) && busySleeps++ < BUSY_SLEEPS;
      EventCount.sleepOnAny(events, keys, busy ? shortly(deadline) : deadline);
      if (interruptible && Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting");
      }
    }
  }

  private Deadline shortly(Deadline deadline) {
    return deadline.remainingNanos() < BUSY_NANOS ? deadline : Deadline.after(heap, BUSY_NANOS);
  }

  /** Looks at each until one is ready; returns its number, or -1. */
  private int look(Outcome[] outcomes) {
    for (int i = 0; i < channels.length; i++) {
      int number = (next + i) % channels.length;
      outcomes[number] = channels[number].receiver().look();
      if (outcomes[number] == Outcome.DONE || outcomes[number] == Outcome.CLOSED) {
        return number;
      }
    }
    return -1;
  }

  /** The number of a channel whose senders have gone since it was told the last time, or -1. */
  private int whoseSendersHaveGone() {
    for (int number = 0; number < channels.length; number++) {
      long departed = channels[number].senders().departed();
      if (departed != 0 && departed != told[number]) {
        told[number] = departed;
        return number;
      }
    }
    return -1;
  }

  private Channel choose(int ready) {
    if (ready < 0) {
      return null;
    }
    next = (ready + 1) % channels.length;
    return channels[ready];
  }

  /** Counts this process among those who wait, where senders without a buffer look for them. */
  private void waiting(boolean begins) {
    if (heap.isOpen()) {
      for (Channel channel : channels) {
        channel.receiver().waits(begins);
      }
    }
  }

  private void endWait() {
    try {
      waiting(false);
    } finally {
      passOn();
    }
  }

  private void passOn() {
    if (heap.isOpen()) {
      for (Channel channel : channels) {
        if (channel.receiver().look() == Outcome.DONE) {
          channel.notEmpty().signalOne();
        }
      }
    }
  }
}
