package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.Readiness;
import dev.rszshm.structures.internal.ring.RingWaiting;
import dev.rszshm.structures.internal.ring.SelectableKinds;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/*
 * Waits for several channels, request channels and subscriptions at once.
 *
 * Layout
 * ------
 * Nothing of its own: the rings of those it waits for, and their event counts.
 *
 * Protocol
 * --------
 *  1 look at each of them, from the one behind the last that was returned: something to receive, shut
 *    down, or all at the other end gone: return it;
 *  2 prepare to sleep on the event count of each; 3 look at all again; 4 sleep on all of them.
 * A signal that is meant for one sleeper may wake this thread for one that it does not return. So before
 * it returns, it passes on the signals of the others that are ready.
 *
 * If a process dies here
 * ----------------------
 * It has received nothing. A signal that it was woken by is made good by the slice of 50 ms of whoever
 * else waits.
 */

/**
 * Waits until any of several channels, request channels and subscriptions of one heap has something
 * to receive.
 *
 * <pre>{@code
 * Selector<Channel> selector = Selector.of(jobs, orders);
 * while (true) {
 *   selector.await().tryReceive().ifPresent(this::work); // empty: another receiver was faster
 * }
 *
 * Selector<Selectable> mixed = Selector.of(jobs, requests, prices); // channels, requests, topics
 * }</pre>
 *
 * <p>Those that are ready take turns. One is ready as well when it was shut down and is empty,
 * every time, and when all senders or publishers have died or detached, once for each time that
 * happens: its {@code receive} then throws what says so, at once or within 100 ms.
 *
 * <p>A selector belongs to one thread at a time. This process counts as a receiver of each of them
 * from the first call on.
 *
 * @param <T> what it waits for; {@link Selectable} if they are of several kinds
 */
public final class Selector<T extends Selectable> {
  /** The greatest number that one selector can wait for. */
  public static final int MAX_SIZE = 128;

  private static final int NONE = -1;

  private final Heap heap;
  private final List<T> members;
  private final Readiness[] looks;
  private final List<EventCount> events;
  private final long[] told;
  private final int spins;
  private final Outcome[] outcomes;
  private int ready;
  private int next;

  private Selector(Heap heap, List<T> members) {
    this.heap = heap;
    this.members = members;
    this.looks = members.stream().map(SelectableKinds::readiness).toArray(Readiness[]::new);
    this.events = Stream.of(looks).map(Readiness::event).toList();
    this.told = new long[members.size()];
    this.outcomes = new Outcome[members.size()];
    this.spins = heap.processors() > 1 ? 200 : 0;
  }

  /**
   * Returns a selector.
   *
   * @param members what it waits for, 1 to {@link #MAX_SIZE} of them, all made with the same {@link
   *     Heap} object
   */
  @SafeVarargs
  public static <T extends Selectable> Selector<T> of(T... members) {
    if (members.length < 1 || members.length > MAX_SIZE) {
      throw new IllegalArgumentException(
          "found " + members.length + " to wait for, expected 1 to " + MAX_SIZE);
    }
    Heap heap = members[0].heap();
    for (Selectable member : members) {
      if (member.heap() != heap) {
        throw new IllegalArgumentException(
            "found members of "
                + heap
                + " and of "
                + member.heap()
                + ", expected all of one heap object: use a selector and a thread for each");
      }
    }
    return new Selector<>(heap, List.of(members));
  }

  /**
   * Waits until one is ready, and returns it.
   *
   * @throws IllegalStateException if the heap is closed
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public T await() throws InterruptedException {
    await(WaitMode.INTERRUPTIBLE).orThrow(this);
    return choose().orElseThrow();
  }

  /** As {@link #await()}, but an interrupt does not end the call and stays set. */
  public T awaitUninterruptibly() {
    await(WaitMode.UNINTERRUPTIBLE);
    return choose().orElseThrow();
  }

  /**
   * Waits no longer than a time; otherwise as {@link #await()}.
   *
   * @return empty if the time is over
   */
  public Optional<T> await(Duration timeout) throws InterruptedException {
    await(WaitMode.within(heap, timeout)).orThrow(this);
    return choose();
  }

  /**
   * Returns one that is ready now.
   *
   * @return empty if there is none
   */
  public Optional<T> tryAwait() {
    ready = look();
    ready = ready >= 0 ? ready : whoseOtherEndHasGone();
    return choose();
  }

  /** Waits until {@link #ready} is one that is. */
  private Outcome await(WaitMode mode) {
    ready = NONE;
    if (mode.isInterrupted()) {
      return Outcome.INTERRUPTED;
    }
    for (int i = 0; i <= spins; i++) {
      ready = look();
      if (ready >= 0) {
        return Outcome.DONE;
      }
      Thread.onSpinWait();
    }
    waiting(true);
    Outcome outcome;
    try {
      WaitPoint any = WaitPoint.ofAny(heap, events);
      outcome = RingWaiting.awaitAny(heap, any, this::attempt, mode);
    } catch (Throwable thrown) {
      try {
        endWait();
      } catch (RuntimeException also) {
        thrown.addSuppressed(also);
      }
      throw thrown;
    }
    endWait();
    return outcome;
  }

  private Outcome attempt() {
    ready = look();
    ready = ready >= 0 ? ready : whoseOtherEndHasGone();
    if (ready >= 0) {
      return Outcome.DONE;
    }
    return Arrays.asList(outcomes).contains(Outcome.BUSY) ? Outcome.BUSY : Outcome.NOT_YET;
  }

  /** Looks at each until one is ready; returns its number, or -1. */
  private int look() {
    for (int i = 0; i < members.size(); i++) {
      int number = (next + i) % members.size();
      outcomes[number] = looks[number].look();
      if (outcomes[number] == Outcome.DONE || outcomes[number] == Outcome.SHUTDOWN) {
        return number;
      }
    }
    return -1;
  }

  /** The number of one whose other end has gone since that was told the last time, or -1. */
  private int whoseOtherEndHasGone() {
    for (int number = 0; number < members.size(); number++) {
      long departed = looks[number].departed();
      if (departed != 0 && departed != told[number]) {
        told[number] = departed;
        return number;
      }
    }
    return -1;
  }

  private Optional<T> choose() {
    if (ready < 0) {
      return Optional.empty();
    }
    next = (ready + 1) % members.size();
    return Optional.of(members.get(ready));
  }

  /** Counts this process among those who wait, where senders without a buffer look for them. */
  private void waiting(boolean begins) {
    if (heap.isOpen()) {
      for (Readiness look : looks) {
        look.waiting(begins);
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
      for (Readiness look : looks) {
        if (look.look() == Outcome.DONE) {
          look.event().signalOne();
        }
      }
    }
  }
}
