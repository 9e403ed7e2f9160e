package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.channel.errors.EndTakenException;
import dev.rszshm.structures.internal.process.ProcessState;
import org.jspecify.annotations.Nullable;

/*
 * An end of a channel that one thread has, of all threads of all processes.
 *
 * Layout
 * ------
 * A word with the tag of the participant that has the end; 0: nobody. Private: which of its threads.
 *
 * Protocol
 * --------
 * take, with the monitor of the process's state:
 *  1 another thread of this process has it, and has not ended: refuse;
 *  2 word: from 0, or the tag of a dead one, to the own tag, by compare-and-set. Of somebody who lives: refuse.
 *    It is the own tag already: an earlier thread of this process had it;
 *  3 begin (SingleSender); 4 note the thread.
 * leave, if no other thread of this process that has not ended has it, with the same monitor:
 *  5 end what is under way; 6 no thread; 7 word: from the own tag to 0, by compare-and-set.
 * A participant that lives keeps the word, so the thread that is noted need not read it again. But the bytes
 * can become those of another channel: whoever makes a handle forgets a thread that was noted when the word
 * is not the own tag.
 *
 * If a process dies here
 * ----------------------
 * 2-7: the word has the tag of a dead one, which the next takes at 2, and begins at 3.
 *
 * If something is thrown at 2 to 4, the word is given back. If that fails as well, the own tag stays without a
 * thread: any thread of this process takes it at 2, or gives it back at 7.
 */

/** An end of a channel that one thread has at a time. */
public final class EndRole {
  private static final int TRIES = 100;

  private final Ring ring;
  private final Heap heap;
  private final long word;
  private final int tag;
  private final String name;
  private final State state;
  private final Runnable beginning;

  /** Which thread of this process has the end; written with its monitor. */
  private static final class State {
    volatile @Nullable Thread thread;
  }

  /**
   * An end of a ring.
   *
   * @param beginning what to do when it is taken; may be done again
   */
  EndRole(Ring ring, long field, String name, Runnable beginning) {
    this.ring = ring;
    this.heap = ring.heap;
    this.word = ring.offset + field;
    this.tag = ring.tag();
    this.name = name;
    this.beginning = beginning;
    this.state = ProcessState.of(heap, word, State.class, State::new);
    forgetEarlierChannel();
  }

  private void forgetEarlierChannel() {
    synchronized (state) {
      if (state.thread != null && !isOwn()) {
        state.thread = null;
      }
    }
  }

  /** Whether the current thread has the end. */
  boolean isMine() {
    return state.thread == Thread.currentThread();
  }

  /** Whether this process has the end, or no other can take it. */
  boolean isOwn() {
    return heap.getIntVolatile(word) == tag;
  }

  /**
   * Takes the end, unless the current thread has it.
   *
   * @throws EndTakenException if somebody else has it, who lives
   */
  public void enter() {
    if (!isMine()) {
      take();
    }
  }

  private void take() {
    synchronized (state) {
      Thread holder = state.thread;
      if (holder != null && holder.isAlive()) {
        throw taken("the thread " + holder.getName() + " of this process");
      }
      state.thread = null;
      try {
        takeWord();
        beginning.run();
        state.thread = Thread.currentThread();
      } catch (Throwable thrown) {
        giveBackAfter(thrown);
        throw thrown;
      }
    }
  }

  private void takeWord() {
    for (int i = 0; i < TRIES; i++) {
      int found = heap.getIntVolatile(word);
      if (found == tag) {
        return;
      }
      if (found != 0 && heap.isAlive(found)) {
        throw taken(describe(found));
      }
      if (heap.compareAndSetInt(word, found, tag)) {
        return;
      }
    }
    throw taken("others in turn");
  }

  private void giveBackAfter(Throwable thrown) {
    try {
      if (heap.isOpen() && isOwn()) {
        heap.compareAndSetInt(word, tag, 0);
      }
    } catch (RuntimeException also) {
      thrown.addSuppressed(also);
    }
  }

  /** The process with the end, as people know it. */
  private String describe(int tag) {
    return heap.participant(tag).map(EndRole::describe).orElse("participant " + tag);
  }

  private static String describe(Participant holder) {
    return "process " + holder.pid() + (holder.name().isEmpty() ? "" : " (" + holder.name() + ")");
  }

  private EndTakenException taken(String holder) {
    return new EndTakenException(
        "found that "
            + holder
            + " is the single "
            + name
            + " of "
            + ring
            + ", expected nobody or one that has ended: let it call Channel.leave or end, try again"
            + " until it has, or make a channel for several");
  }

  /** Whether a thread that lives has the end, other than this one, and may be at work there. */
  boolean mayBeUsedByAnother() {
    int found = heap.getIntVolatile(word);
    if (found == tag) {
      Thread holder = state.thread;
      return holder != null && holder != Thread.currentThread() && holder.isAlive();
    }
    return found != 0 && heap.isAlive(found);
  }

  /**
   * Gives the end up, if the current thread has it, or a thread of this process that has ended.
   *
   * @param ending what to do before; may be done again
   */
  public void leave(Runnable ending) {
    synchronized (state) {
      Thread holder = state.thread;
      if (holder != null && holder != Thread.currentThread() && holder.isAlive()) {
        return;
      }
      if (isOwn()) {
        ending.run();
        state.thread = null;
        heap.compareAndSetInt(word, tag, 0);
      }
      state.thread = null;
    }
  }
}
