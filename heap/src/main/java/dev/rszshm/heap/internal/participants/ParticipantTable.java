package dev.rszshm.heap.internal.participants;

import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.FileLockedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapWornOutException;
import dev.rszshm.heap.errors.ParticipantTableFullException;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.format.ParticipantLayout;
import dev.rszshm.heap.internal.format.TagLayout;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.internal.wait.Backoff;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Who is attached to a heap.
 *
 * Layout
 * ------
 * ParticipantLayout, one slot after the other, in the file from `participantTable` on. In the header,
 * HeaderLayout.SLOTS_USED: how many slots were ever used, and which was claimed last.
 *
 * Protocol
 * --------
 * The owner of a slot is whoever holds the open-file-description write lock on its owner byte, that byte
 * and nothing else. The kernel drops it when the process ends, however it ends; a process that is
 * stopped, or deep in a garbage collection, keeps it. Locks of other kinds or lengths are those of
 * strangers, and mean nothing. The state word says who the owner is.
 *
 * Claiming:
 *  1 try the lock on the claim byte of a slot that reads FREE and has generations left; go on to the next
 *    if somebody has it;
 *  2 with it, read the state again; not as in 1: drop the lock and go on;
 *  3 try the lock on the owner byte; go on if the last owner, who is about to drop it, still has it;
 *  4 count the slot among those that were used, and note that it was claimed last;
 *  5 write the fields, behind a release fence: who reads one of them, and then the state word behind an
 *    acquire fence, does not find there what it was before step 1;
 *  6 state = {LIVE, generation + 1, pid}, release;
 *  7 drop the lock on the claim byte.
 * Slots that were used before come first, beginning behind the one that was claimed last, so that their
 * generations rise evenly; before the number of used ones goes beyond a power of two, the slots of the dead are reclaimed.
 * Who finds no slot tries some rounds more, with pauses of together 20 ms: a slot may be held by one who
 * is just leaving.
 * Leaving, when the own process cannot touch the heap any more (Span):
 *  8 state = {FREE, generation, 0}, written through the descriptor; 9 drop the lock on the owner byte.
 * Asking whether {LIVE, g} is alive:
 * 10 read the state, ask for the lock on the owner byte, read the state again: the same, and locked.
 * Burying the dead:
 * 11 read the state: not FREE; 12 ask for the lock on the owner byte: nobody has it;
 * 13 state from what was read to {FREE, generation, 0}, by compare-and-set.
 *
 * Only who has the claim byte, and has found the slot FREE then, takes the owner byte, so the owner byte
 * of a slot that reads LIVE is locked by its owner or not at all: no step of anybody else makes a dead one
 * look alive. The owner of {LIVE, g} has the lock from before 6 until after 8. So 12, after 11, proves that
 * it is dead, or that the state is not what 11 read any more; and what 11 read does not come again, because
 * g does not. Who is stopped at 11 to 13 hinders nobody, and who is stopped at 1 to 7 keeps the one slot
 * that it is about to have.
 *
 * If a process dies here
 * ----------------------
 * 1-5: the locks fall, the slot still reads FREE: fields without meaning are written over by the next, and
 * 4 may have counted a slot that was never used, which costs a look. 6-8: it reads LIVE without a lock:
 * dead, to be reclaimed. 9: FREE, nothing to do. 10-13: nothing has happened, or all of it.
 *
 * A generation has 30 bits, of which a tag (TagLayout) has room for those that the numbers of the slots
 * leave. It never wraps: a slot whose last generation was used is not claimed any more, and the states 11
 * and 13 compare, the pairs (slot, generation) and the tags in all words of the heap never come again.
 */
public final class ParticipantTable {
  private static final int CLAIM_ROUNDS = 16;
  private static final int FEW_SLOTS = 16;

  /** How often the owner of a slot may change while it is read. */
  public static final int READS = 100;

  private final Memory memory;
  private final SystemCalls calls;
  private final int descriptor;
  private final String path;
  private final long base;
  private final long table;
  private final int slots;
  private final TagLayout tags;

  public ParticipantTable(
      Platform platform, Span span, int descriptor, String path, Header header) {
    this.memory = platform.memory();
    this.calls = platform.calls();
    this.descriptor = descriptor;
    this.path = path;
    this.base = span.base;
    this.table = header.participantTable();
    this.slots = header.participantSlots();
    this.tags = new TagLayout(slots);
  }

  /**
   * Takes a slot for this attachment.
   *
   * @throws ParticipantTableFullException if none can be had, because the living have them
   * @throws HeapWornOutException if no slot has a generation left
   * @throws FileLockedException if a stranger has locked the file
   */
  public Participant claim(String name, boolean otherAddress) {
    byte[] fields =
        ParticipantLayout.encode(
            calls.identity(),
            calls.now(),
            otherAddress ? ParticipantLayout.FLAG_OTHER_ADDRESS : 0,
            name);
    try (Backoff backoff = new Backoff(calls)) {
      for (int round = 0; round < CLAIM_ROUNDS; round++) {
        int slot = claimAny(fields);
        if (slot >= 0) {
          return ParticipantLayout.decode(tags, slot, stateWord(slot), fields, true);
        }
        if (reclaimDead(null) == 0) {
          backoff.pause();
        }
      }
    }
    throw refusal();
  }

  /** Claims a slot that was used before, or else a new one; -1 if there is none. */
  private int claimAny(byte[] fields) {
    int used = usedSlots();
    int claimed = claimUsed(used, fields);
    if (claimed < 0
        && used >= FEW_SLOTS
        && Integer.bitCount(used) == 1
        && used < slots
        && reclaimDead(null) > 0) {
      claimed = claimUsed(used, fields);
    }
    for (int slot = used; slot < slots && claimed < 0; slot++) {
      claimed = tryClaim(slot, fields) ? slot : -1;
    }
    return claimed;
  }

  private int claimUsed(int used, byte[] fields) {
    int last = HeaderLayout.claimedLast(slotsUsed(), slots);
    for (int i = 1; i <= used; i++) {
      int slot = (last + i) % used;
      if (tryClaim(slot, fields)) {
        return slot;
      }
    }
    return -1;
  }

  private boolean isClaimable(long word) {
    return ParticipantLayout.state(word) == ParticipantLayout.FREE
        && ParticipantLayout.generation(word) < tags.lastGeneration();
  }

  private boolean tryClaim(int slot, byte[] fields) {
    if (!isClaimable(stateWord(slot)) || !calls.tryLockByte(descriptor, claimByte(slot))) {
      return false;
    }
    try {
      long word = stateWord(slot);
      if (!isClaimable(word) || !calls.tryLockByte(descriptor, ownerByte(slot))) {
        return false;
      }
      countUsed(slot);
      memory.releaseFence();
      memory.copyIn(
          fields,
          ParticipantLayout.START_TIME,
          slotAddress(slot) + ParticipantLayout.START_TIME,
          ParticipantLayout.SLOT_LENGTH - ParticipantLayout.START_TIME);
      int generation = ParticipantLayout.generation(word) + 1;
      setState(slot, ParticipantLayout.LIVE, generation, calls.identity().pid());
      return true;
    } finally {
      calls.unlockByte(descriptor, claimByte(slot));
    }
  }

  /** Before the slot is LIVE: who looks at the slots that were used finds everybody there. */
  private void countUsed(int slot) {
    long found;
    long next;
    do {
      found = slotsUsed();
      int used = Math.max(HeaderLayout.used(found, slots), slot + 1);
      next = HeaderLayout.slotsUsed(used, slot);
    } while (found != next
        && !memory.compareAndSetLong(base + HeaderLayout.SLOTS_USED, found, next));
  }

  private HeapException refusal() {
    int usedUp = 0;
    for (int slot = 0; slot < slots; slot++) {
      long word = stateWord(slot);
      if (ParticipantLayout.state(word) == ParticipantLayout.FREE) {
        Optional<String> stranger =
            calls.strangersLock(descriptor, ownerByte(slot)).or(claimByteOfStranger(slot));
        if (stranger.isPresent()) {
          return new FileLockedException(
              path
                  + " cannot be attached to: "
                  + stranger.get()
                  + " of it, where the locks of its participants belong. Let that lock be dropped;"
                  + " to guard the start of a program, lock another file");
        }
        usedUp += isClaimable(word) ? 0 : 1;
      }
    }
    if (usedUp == slots) {
      return new HeapWornOutException(
          path
              + " has been attached to so often that none of its "
              + slots
              + " participant slots has a number left that was never used: "
              + tags.lastGeneration()
              + " are all. Attach for reading only, and copy what it holds into a new heap");
    }
    return new ParticipantTableFullException(
        path
            + " has "
            + slots
            + " participant slots, and each"
            + (usedUp == 0 ? "" : " but " + usedUp + ", which are used up for good,")
            + " belongs to a living process. Detach one, or make the heap with more slots");
  }

  private Supplier<Optional<String>> claimByteOfStranger(int slot) {
    return () -> calls.strangersLock(descriptor, claimByte(slot));
  }

  /**
   * Gives the slot of this attachment back. The heap is not mapped any more, so this goes through
   * the descriptor; whoever has the file mapped sees it at once.
   */
  public void leave(Participant self) {
    long free = ParticipantLayout.stateWord(ParticipantLayout.FREE, self.generation(), 0);
    byte[] word =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(free).array();
    calls.write(descriptor, word, slotOffset(self.slot()) + ParticipantLayout.STATE);
    calls.unlockByte(descriptor, ownerByte(self.slot()));
  }

  /** Frees every slot whose owner is dead; returns how many. */
  public int reclaimDead(@Nullable Participant self) {
    int buried = 0;
    int end = usedSlots();
    for (int slot = 0; slot < end; slot++) {
      long word = stateWord(slot);
      if (ParticipantLayout.state(word) != ParticipantLayout.FREE
          && !isOwned(self, slot)
          && free(slot, word)) {
        buried++;
      }
    }
    return buried;
  }

  private boolean free(int slot, long word) {
    return memory.compareAndSetLong(
        slotAddress(slot) + ParticipantLayout.STATE,
        word,
        ParticipantLayout.stateWord(ParticipantLayout.FREE, ParticipantLayout.generation(word), 0));
  }

  /** The number of slots that were ever used: nobody has one behind them. */
  public int usedSlots() {
    return HeaderLayout.used(slotsUsed(), slots);
  }

  private long slotsUsed() {
    return memory.getLongVolatile(base + HeaderLayout.SLOTS_USED);
  }

  /** Everybody in the table, the dead that nobody has buried included. */
  public List<Participant> list(@Nullable Participant self) {
    List<Participant> found = new ArrayList<>();
    int end = usedSlots();
    for (int slot = 0; slot < end; slot++) {
      Participant participant = read(slot, self);
      if (participant != null) {
        found.add(participant);
      }
    }
    return found;
  }

  /** Whether one attachment still lives. */
  public boolean isAlive(@Nullable Participant self, int slot, int generation) {
    if (slot < 0 || slot >= slots) {
      throw new IndexOutOfBoundsException(
          "there is no participant slot " + slot + ": " + path + " has slots 0 to " + (slots - 1));
    }
    return lives(self, slot, generation);
  }

  private boolean lives(@Nullable Participant self, int slot, int generation) {
    long word = stateWord(slot);
    return ParticipantLayout.state(word) == ParticipantLayout.LIVE
        && ParticipantLayout.generation(word) == generation
        && isOwned(self, slot)
        && stateWord(slot) == word;
  }

  /** Whether the attachment of a {@link Participant#tag} still lives. */
  public boolean isAlive(@Nullable Participant self, int tag) {
    return tags.isPossible(tag) && lives(self, tags.slot(tag), tags.generation(tag));
  }

  /** The attachment of a tag, if it is still in the table. */
  public Optional<Participant> find(@Nullable Participant self, int tag) {
    return tags.isPossible(tag)
        ? Optional.ofNullable(read(tags.slot(tag), self)).filter(p -> p.tag() == tag)
        : Optional.empty();
  }

  /** Whether a slot has an owner. The own lock does not show to the own descriptor. */
  boolean isOwned(@Nullable Participant self, int slot) {
    return (self != null && self.slot() == slot) || calls.isByteLocked(descriptor, ownerByte(slot));
  }

  /**
   * Reads a slot; null if it is free. Fields and lock are those of one attachment, because the
   * state word, which names it, is the same before and after.
   */
  private @Nullable Participant read(int slot, @Nullable Participant self) {
    byte[] bytes = new byte[ParticipantLayout.SLOT_LENGTH];
    for (int i = 0; i < READS; i++) {
      long word = stateWord(slot);
      if (ParticipantLayout.state(word) == ParticipantLayout.FREE) {
        return null;
      }
      memory.copyOut(slotAddress(slot), bytes, 0, bytes.length);
      boolean owned = isOwned(self, slot);
      memory.acquireFence();
      if (stateWord(slot) == word) {
        return ParticipantLayout.decode(tags, slot, word, bytes, owned);
      }
    }
    return null; // so many have come and gone meanwhile that none of them is there
  }

  /** What a slot says of its owner. */
  long stateWord(int slot) {
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

  private long ownerByte(int slot) {
    return slotOffset(slot) + ParticipantLayout.OWNER_BYTE;
  }

  private long claimByte(int slot) {
    return slotOffset(slot) + ParticipantLayout.CLAIM_BYTE;
  }

  private long slotOffset(int slot) {
    return table + (long) slot * ParticipantLayout.SLOT_LENGTH;
  }
}
