package dev.rszshm.heap;

import dev.rszshm.heap.errors.ParticipantTableFullException;
import dev.rszshm.heap.memory.Memory;
import dev.rszshm.heap.os.SystemCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/*
 * Who is attached to a heap.
 *
 * Layout
 * ------
 * ParticipantLayout, one slot after the other, in the file from `participantTable` on.
 *
 * Protocol
 * --------
 * The owner of a slot is whoever holds the open-file-description lock on the slot's first byte. The
 * kernel drops it when the process ends, however it ends; a process that is stopped, or deep in a
 * garbage collection, keeps it. The state word says what the owner does with the slot.
 *
 * Claiming:
 *  1 try the lock of a slot that reads FREE; go on to the next if somebody has it;
 *  2 with the lock, read the state again; not FREE: drop the lock and go on;
 *  3 write the fields, behind a release fence: who reads one of them, and then the state word behind an
 *    acquire fence, does not find there what it was before step 1;
 *  4 state = {LIVE, generation + 1, pid}, release.
 * Who finds no slot tries some rounds more, with pauses of together 20 ms: a slot may be held by one who
 * is just leaving, or burying the dead.
 * Leaving, when the own process cannot touch the heap any more (Span):
 *  5 state = {FREE, generation, 0}, written through the descriptor; 6 drop the lock.
 * Burying, before any "table full":
 *  7 try the lock of a slot that reads LIVE or RECOVERING; whoever gets it has proof that the owner is
 *    dead, and is the only one to bury it;
 *  8 with the lock, read the state again; FREE: drop the lock;
 *  9 state = {RECOVERING, generation, own pid}, release;
 * 10 (repair what the dead left: there is nothing yet) state = {FREE, generation, 0}, release; 11 drop
 *    the lock.
 *
 * If a process dies here
 * ----------------------
 * 1-3: the lock falls, the slot still reads FREE: fields without meaning are written over by the next.
 * 4, 5: it reads LIVE without a lock: dead, to be buried. 6: FREE, nothing to do.
 * 7-8: the lock falls, as if nothing had happened. 9-10: RECOVERING without a lock: buried again from 7;
 * every repair must bear that. 11: nothing to do.
 */
final class ParticipantTable {
  private static final int CLAIM_ROUNDS = 16;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Memory memory;
  private final SystemCalls calls;
  private final int descriptor;
  private final String path;
  private final long base;
  private final long table;
  private final int slots;

  ParticipantTable(Platform platform, Span span, int descriptor, String path, Header header) {
    this.memory = platform.memory();
    this.calls = platform.calls();
    this.descriptor = descriptor;
    this.path = path;
    this.base = span.base;
    this.table = header.participantTable();
    this.slots = header.participantSlots();
  }

  /**
   * Takes a slot for this attachment.
   *
   * @throws ParticipantTableFullException if all belong to the living
   */
  Participant claim(String name, boolean otherAddress) {
    byte[] fields =
        ParticipantLayout.encode(
            calls.identity(),
            calls.now(),
            otherAddress ? ParticipantLayout.FLAG_OTHER_ADDRESS : 0,
            name);
    long pause = FIRST_PAUSE_NANOS;
    for (int round = 0; round < CLAIM_ROUNDS; round++) {
      for (int slot = 0; slot < slots; slot++) {
        if (stateOf(slot) == ParticipantLayout.FREE && tryClaim(slot, fields)) {
          return ParticipantLayout.decode(slot, stateWord(slot), fields, true);
        }
      }
      if (buryTheDead(null) == 0) {
        calls.pause(pause);
        pause = Math.min(pause * 2, LAST_PAUSE_NANOS);
      }
    }
    throw new ParticipantTableFullException(
        path
            + " has "
            + slots
            + " participant slots, and each belongs to a living process. Detach one, or make the"
            + " heap with more slots");
  }

  private boolean tryClaim(int slot, byte[] fields) {
    if (!calls.tryLockByte(descriptor, slotOffset(slot))) {
      return false;
    }
    long word = stateWord(slot);
    if (ParticipantLayout.state(word) != ParticipantLayout.FREE) {
      calls.unlockByte(descriptor, slotOffset(slot));
      return false;
    }
    memory.releaseFence();
    memory.copyIn(
        fields,
        ParticipantLayout.START_TIME,
        slotAddress(slot) + ParticipantLayout.START_TIME,
        ParticipantLayout.SLOT_LENGTH - ParticipantLayout.START_TIME);
    int generation = ParticipantLayout.generation(word) + 1;
    setState(slot, ParticipantLayout.LIVE, generation, calls.identity().pid());
    return true;
  }

  /**
   * Gives the slot of this attachment back. The heap is not mapped any more, so this goes through
   * the descriptor; whoever has the file mapped sees it at once.
   */
  void leave(Participant self) {
    long free = ParticipantLayout.stateWord(ParticipantLayout.FREE, self.generation(), 0);
    byte[] word =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(free).array();
    calls.write(descriptor, word, slotOffset(self.slot()) + ParticipantLayout.STATE);
    calls.unlockByte(descriptor, slotOffset(self.slot()));
  }

  /**
   * Frees every slot whose owner is dead; returns how many. One thread at a time, because the
   * threads of an attachment share its locks.
   */
  synchronized int buryTheDead(Participant self) {
    int buried = 0;
    for (int slot = 0; slot < slots; slot++) {
      if (stateOf(slot) != ParticipantLayout.FREE
          && !isSelf(self, slot)
          && !calls.isByteLocked(descriptor, slotOffset(slot))
          && bury(slot)) {
        buried++;
      }
    }
    return buried;
  }

  private boolean bury(int slot) {
    if (!calls.tryLockByte(descriptor, slotOffset(slot))) {
      return false;
    }
    try {
      long word = stateWord(slot);
      if (ParticipantLayout.state(word) == ParticipantLayout.FREE) {
        return false;
      }
      int generation = ParticipantLayout.generation(word);
      setState(slot, ParticipantLayout.RECOVERING, generation, calls.identity().pid());
      setState(slot, ParticipantLayout.FREE, generation, 0);
      return true;
    } finally {
      calls.unlockByte(descriptor, slotOffset(slot));
    }
  }

  /** Everybody in the table, the dead that nobody has buried included. */
  List<Participant> list(Participant self) {
    List<Participant> found = new ArrayList<>();
    for (int slot = 0; slot < slots; slot++) {
      Participant participant = read(slot, self);
      if (participant != null) {
        found.add(participant);
      }
    }
    return found;
  }

  /** Whether one attachment still lives. */
  boolean isAlive(Participant self, int slot, int generation) {
    if (slot < 0 || slot >= slots) {
      throw new IndexOutOfBoundsException(
          "participant slot "
              + slot
              + " was asked for: "
              + path
              + " has slots 0 to "
              + (slots - 1));
    }
    long word = stateWord(slot);
    return ParticipantLayout.state(word) == ParticipantLayout.LIVE
        && ParticipantLayout.generation(word) == generation
        && (isSelf(self, slot) || calls.isByteLocked(descriptor, slotOffset(slot)))
        && stateWord(slot) == word;
  }

  /** Whether the attachment of a {@link Participant#tag} still lives. */
  boolean isAlive(Participant self, int tag) {
    int slot = Participant.slotOf(tag);
    if (slot < 0 || slot >= slots) {
      return false;
    }
    int generation = ParticipantLayout.generation(stateWord(slot));
    return Participant.tag(slot, generation) == tag && isAlive(self, slot, generation);
  }

  /** The attachment of a tag, if it is still in the table. */
  Optional<Participant> find(Participant self, int tag) {
    int slot = Participant.slotOf(tag);
    Participant found = slot < 0 || slot >= slots ? null : read(slot, self);
    return Optional.ofNullable(found).filter(p -> p.tag() == tag);
  }

  /** The lock of the own slot does not show to its own descriptor. */
  private static boolean isSelf(Participant self, int slot) {
    return self != null && self.slot() == slot;
  }

  /**
   * Reads a slot; null if it is free. Fields and lock are those of one attachment, because the
   * state word, which names it, is the same before and after.
   */
  private Participant read(int slot, Participant self) {
    byte[] bytes = new byte[ParticipantLayout.SLOT_LENGTH];
    while (true) {
      long word = stateWord(slot);
      if (ParticipantLayout.state(word) == ParticipantLayout.FREE) {
        return null;
      }
      memory.copyOut(slotAddress(slot), bytes, 0, bytes.length);
      boolean locked = isSelf(self, slot) || calls.isByteLocked(descriptor, slotOffset(slot));
      memory.acquireFence();
      if (stateWord(slot) == word) {
        return ParticipantLayout.decode(slot, word, bytes, locked);
      }
    }
  }

  private int stateOf(int slot) {
    return ParticipantLayout.state(stateWord(slot));
  }

  private long stateWord(int slot) {
    return memory.getLongAcquire(slotAddress(slot) + ParticipantLayout.STATE);
  }

  private void setState(int slot, int state, int generation, long pid) {
    memory.putLongRelease(
        slotAddress(slot) + ParticipantLayout.STATE,
        ParticipantLayout.stateWord(state, generation, pid));
  }

  private long slotAddress(int slot) {
    return base + slotOffset(slot);
  }

  private long slotOffset(int slot) {
    return table + (long) slot * ParticipantLayout.SLOT_LENGTH;
  }
}
