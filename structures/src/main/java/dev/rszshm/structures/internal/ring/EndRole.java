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
 * leave: 5 no thread; 6 word 0.
 * A participant that lives keeps the word, so the thread that is noted need not read it again.
 *
 * If a process dies here
 * ----------------------
 * 2-6: the word has the tag of a dead one, which the next takes at 2, and begins at 3.
 */

/** An end of a channel that one thread has at a time. */
public final class EndRole {
  private static final int TRIES = 100;

  private final Ring ring;
  private final Heap heap;
  private final long word;
  private final String name;
  private final State state;

  /** What happens when the end is taken, before anything is done with it. */
  interface Beginning {
    void begin();
  }

  /** Which thread of this process has the end; written with its monitor. */
  private static final class State {
    volatile @Nullable Thread thread;
  }

  private final Beginning beginning;

  EndRole(Ring ring, long field, String name, Beginning beginning) {
    this.ring = ring;
    this.heap = ring.heap;
    this.word = ring.offset + field;
    this.name = name;
    this.beginning = beginning;
    this.state = ProcessState.of(heap, word, State.class, State::new);
  }

  /** Whether the current thread has the end. */
  boolean isMine() {
    return state.thread == Thread.currentThread();
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
      takeWord();
      beginning.begin();
      state.thread = Thread.currentThread();
    }
  }

  private void takeWord() {
    int tag = ring.tag();
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

  private String describe(int tag) {
    return heap.participant(tag).map(Participant::toString).orElse("participant " + tag);
  }

  private EndTakenException taken(String holder) {
    return new EndTakenException(
        "found that "
            + holder
            + " is the single "
            + name
            + " of "
            + ring
            + ", expected nobody or one that has ended: let it call Channel.leave or end, or make"
            + " a channel for several");
  }

  /** Whether the participant lives that has the end, as far as the word says. */
  boolean isHeldByLiving() {
    int found = heap.getIntVolatile(word);
    return found != 0 && heap.isAlive(found);
  }

  /** Gives the end up, if the current thread has it. */
  public void leave() {
    if (isMine()) {
      synchronized (state) {
        beginning.begin();
        state.thread = null;
        heap.compareAndSetInt(word, ring.tag(), 0);
      }
    }
  }
}
