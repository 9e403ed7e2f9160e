package dev.rszshm.heap.internal.participants;

import dev.rszshm.heap.Participant;
import dev.rszshm.heap.internal.format.ParticipantLayout;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.internal.wait.DepartureLook;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/*
 * Notices that participants of a heap have gone, by looking at the table again and again.
 *
 * Layout
 * ------
 * Nothing in shared memory. For each slot the state word as it was at the last look, and whether its owner
 * was found dead then.
 *
 * Protocol
 * --------
 * For each slot that was ever used, by turns, LOOKS of them and QUERIES of the living at a time:
 *  1 the state word is not what it was: somebody has gone, unless it was FREE and the next generation lives;
 *  2 it is LIVE, not the own one, and was not found dead: ask for the lock on its owner byte; nobody has it:
 *    somebody has gone.
 * A slot that was never looked at counts as FREE with generation 0. In a table with more slots in use than a
 * look asks about, a departure is noticed that much later.
 *
 * All of it goes on while a close waits (Span.whileOpen), so the table is mapped and the descriptor open.
 *
 * If a process dies here
 * ----------------------
 * 1, 2: nothing is left, for a look writes nothing.
 */
public final class Departures implements DepartureLook {
  /** Slots that are looked at in one go: a quarter of a millisecond's work at most. */
  private static final int LOOKS = 4096;

  /** System calls in one go. */
  private static final int QUERIES = 128;

  private final ParticipantTable table;
  private final Span span;
  private final @Nullable Participant self;
  private final BitSet dead = new BitSet();
  private long[] seen = new long[0];
  private int next;
  private volatile boolean nothingKnown = true;

  /**
   * Begins to look.
   *
   * @param self the own attachment; null if it has no slot
   */
  public Departures(ParticipantTable table, Span span, @Nullable Participant self) {
    this.table = table;
    this.span = span;
    this.self = self;
  }

  @Override
  public void forget() {
    nothingKnown = true;
  }

  @Override
  public boolean hasAnyoneGone() {
    boolean gone = nothingKnown;
    nothingKnown = false;
    return span.whileOpen(this::look) || gone;
  }

  private boolean look() {
    int used = table.usedSlots();
    if (seen.length < used) {
      seen = Arrays.copyOf(seen, used);
    }
    boolean gone = false;
    int queries = 0;
    for (int i = Math.min(used, LOOKS); i > 0 && queries < QUERIES; i--) {
      next = next < used ? next : 0;
      int slot = next++;
      long word = table.stateWord(slot);
      gone |= hasChanged(slot, word);
      if (isOfOther(slot, word)) {
        queries++;
        gone |= hasDied(slot, word);
      }
    }
    return gone;
  }

  private boolean hasChanged(int slot, long word) {
    long before = seen[slot];
    if (word == before) {
      return false;
    }
    seen[slot] = word;
    dead.clear(slot);
    boolean attached =
        ParticipantLayout.state(before) == ParticipantLayout.FREE
            && ParticipantLayout.state(word) == ParticipantLayout.LIVE
            && ParticipantLayout.generation(word) == ParticipantLayout.generation(before) + 1;
    return !attached;
  }

  private boolean isOfOther(int slot, long word) {
    return ParticipantLayout.state(word) == ParticipantLayout.LIVE
        && !dead.get(slot)
        && !(self != null && self.slot() == slot);
  }

  private boolean hasDied(int slot, long word) {
    boolean died = !table.isOwned(self, slot) && table.stateWord(slot) == word;
    dead.set(slot, died);
    return died;
  }
}
