package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.sync.Holder;
import dev.rszshm.sync.SynchronizerKind;
import dev.rszshm.sync.SynchronizerState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads one synchronizer and changes nothing. Each word is read once, so that what is said of it
 * was so at some moment; whatever it says is checked before it is used, and a number of things that
 * are looked at is bounded by the bytes that the synchronizer has.
 */
public final class SynchronizerReading {
  private final Heap heap;
  private final long offset;
  private final long length;
  private final SynchronizerKind kind;
  private final List<String> leftByTheDead = new ArrayList<>();
  private final List<String> damage = new ArrayList<>();

  /** Whom the tags found so far belong to; empty for those that are in the table no more. */
  private final Map<Integer, Optional<Participant>> found = new LinkedHashMap<>();

  private String summary = "";
  private Optional<Holder> holder = Optional.empty();
  private boolean free;
  private boolean waiters;
  private OptionalLong value = OptionalLong.empty();
  private OptionalLong maximum = OptionalLong.empty();
  private boolean hasParticipants;

  /** Reads what has so many bytes at an offset. */
  public SynchronizerReading(Heap heap, long offset, SynchronizerKind kind, long length) {
    this.heap = heap;
    this.offset = offset;
    this.kind = kind;
    this.length = length;
  }

  /** Returns what is there. */
  public SynchronizerState read() {
    switch (kind) {
      case MUTEX, FAST_MUTEX, MONITOR -> readLock();
      case READ_WRITE_LOCK -> readReadWriteLock();
      case FAIR_MUTEX -> readFairMutex();
      case SEMAPHORE, LATCH -> readCount();
      case ROBUST_SEMAPHORE -> readRobustSemaphore();
      case ROBUST_LATCH -> readRobustLatch();
      case BARRIER -> readBarrier();
      case EVENT -> readEvent();
      case ONCE -> readOnce();
      case CONDITION, EVENT_COUNT -> {
        readEvents(0);
        free = true;
        summary = waiters ? "somebody may wait" : "nobody waits";
      }
    }
    List<Participant> participants =
        hasParticipants ? found.values().stream().flatMap(Optional::stream).toList() : List.of();
    return new SynchronizerState(
        kind, summary, holder, free, waiters, participants, value, maximum, leftByTheDead, damage);
  }

  private boolean fits(long bytes) {
    if (bytes <= length) {
      return true;
    }
    damage.add("a " + kind + " as it says it is has " + bytes + " bytes, and there are " + length);
    summary = "damaged";
    return false;
  }

  private void damaged(String format, Object... values) {
    damage.add(String.format(Locale.ROOT, format, values));
    summary = "damaged";
  }

  private void readEvents(long at) {
    waiters = (heap.getIntVolatile(offset + at) & EventCountLayout.WAITERS) != 0;
  }

  /** Looks up a tag; notes it if its owner is dead. */
  private Optional<Participant> owner(int tag, String what) {
    Optional<Participant> known = found.get(tag);
    if (known == null) {
      known = heap.participant(tag);
      found.put(tag, known);
      if (known.isEmpty()) {
        leftByTheDead.add(
            String.format(Locale.ROOT, "%s is that of 0x%x, whose process is gone", what, tag));
      } else if (!known.get().alive()) {
        leftByTheDead.add(what + " is that of process " + known.get().pid() + ", which is dead");
      }
    }
    return known;
  }

  private boolean isOfTheLiving(int tag, String what) {
    return owner(tag, what).filter(Participant::alive).isPresent();
  }

  private void readLock() {
    if (fits(LockLayout.LENGTH)) {
      long word = heap.getLongVolatile(offset);
      summary = lock(word);
      waiters = LockLayout.isHeld(word) && (word & LockLayout.WAITERS) != 0;
    }
  }

  private String lock(long word) {
    if (word == LockLayout.FREE) {
      free = true;
      return "free";
    }
    if (LockLayout.isUnusable(word)) {
      leftByTheDead.add(
          "its holder died, and the next one gave it up without markConsistent(): it is unusable"
              + " until reset()");
      return "unusable";
    }
    if (word == LockLayout.ORPHANED) {
      free = true;
      leftByTheDead.add("its holder died, and what it protects has not been repaired yet");
      return "free, its last holder died";
    }
    if (!LockLayout.isHeld(word) || LockLayout.tag(word) == 0) {
      damaged("0x%x is no word that a lock can have", word);
      return "damaged";
    }
    if ((word & LockLayout.OWNER_DIED) != 0) {
      leftByTheDead.add("a holder died, and the present one has not repaired it yet");
    }
    long thread = LockLayout.thread(word);
    OptionalLong id =
        thread == LockLayout.thread(LockLayout.ANY_THREAD)
            ? OptionalLong.empty()
            : OptionalLong.of(thread);
    holder = owner(LockLayout.tag(word), "the lock").map(p -> new Holder(p, id));
    return "held by " + holder.map(Holder::toString).orElse("a process that is gone");
  }

  private void readReadWriteLock() {
    if (!fits(ReadWriteLockLayout.READERS + ParticipantCounts.length(heap))) {
      return;
    }
    summary = lock(heap.getLongVolatile(offset));
    boolean writer = !free;
    readEvents(ReadWriteLockLayout.EVENTS);
    int slots = heap.getIntVolatile(offset + ReadWriteLockLayout.SLOTS);
    if (slots < 0 || slots > heap.participantSlots()) {
      damaged(
          "%d slots are said to have readers, expected 0 to %d", slots, heap.participantSlots());
      return;
    }
    hasParticipants = true;
    holder.ifPresent(h -> found.remove(h.participant().tag()));
    long readers = 0;
    for (int slot = 0; slot < heap.participantSlots(); slot++) {
      long at = ReadWriteLockLayout.READERS + ParticipantCountsLayout.offset(slot);
      long word = heap.getLongVolatile(offset + at);
      if (word == 0) {
        continue;
      }
      if (slot >= slots || ParticipantCountsLayout.tag(word) == 0) {
        damaged("slot %d has readers, 0x%x, and cannot have any", slot, word);
      } else if (ParticipantCountsLayout.count(word) != 0
          && isOfTheLiving(ParticipantCountsLayout.tag(word), "a read lock")) {
        readers += ParticipantCountsLayout.count(word);
      }
    }
    value = OptionalLong.of(readers);
    free &= readers == 0;
    if (!writer && readers > 0 && damage.isEmpty()) {
      summary = "held by " + readers + (readers == 1 ? " reader" : " readers");
    }
  }

  private void readFairMutex() {
    if (!fits(FairMutexLayout.place(0))) {
      return;
    }
    summary = lock(heap.getLongVolatile(offset));
    Optional<Integer> holderTag = holder.map(h -> h.participant().tag());
    int told = heap.getIntVolatile(offset + FairMutexLayout.PLACES);
    int places = told == 0 ? FairMutexLayout.USUAL_PLACES : told;
    if (places < 1 || places > FairMutexLayout.MAX_PLACES) {
      damaged("it says that it has %d places", places);
      return;
    }
    if (!fits(FairMutexLayout.place(places))) {
      return;
    }
    long used = heap.getLongVolatile(offset + FairMutexLayout.QUEUE) & 0xffff_ffffL;
    if (used > places) {
      damaged("%d of its %d places are said to be in use", used, places);
      return;
    }
    long waiting = 0;
    boolean holderWaits = false;
    for (int place = 0; place < places; place++) {
      long word = heap.getLongVolatile(offset + FairMutexLayout.place(place));
      if (word != 0) {
        int tag = FairMutexLayout.tag(word);
        if (tag == 0) {
          damaged("place %d has 0x%x, which is nobody's", place, word);
        } else if (isOfTheLiving(tag, "place " + place + " of its line")) {
          waiting++;
          holderWaits |= holderTag.isPresent() && holderTag.get() == tag;
        }
      }
    }
    hasParticipants = true;
    if (!holderWaits) {
      holderTag.ifPresent(found::remove);
    }
    waiters = waiting > 0;
    value = OptionalLong.of(waiting);
    maximum = OptionalLong.of(places);
    if (waiting > 0 && damage.isEmpty()) {
      summary += ", " + waiting + (waiting == 1 ? " waits" : " wait");
    }
  }

  private void readCount() {
    if (!fits(CountLayout.LENGTH)) {
      return;
    }
    long word = heap.getLongVolatile(offset);
    readEvents(CountLayout.EVENTS);
    if (word == 0) {
      summary = "not made yet";
    } else if (!CountLayout.isMade(word)) {
      damaged("0x%x is no word that a %s can have", word, kind);
    } else {
      count(CountLayout.value(word), CountLayout.max(word));
    }
  }

  /** A semaphore is free if something is left, a latch if nothing is. */
  private void count(long left, long most) {
    boolean permits =
        kind == SynchronizerKind.SEMAPHORE || kind == SynchronizerKind.ROBUST_SEMAPHORE;
    value = OptionalLong.of(left);
    maximum = OptionalLong.of(most);
    free = permits == left > 0;
    summary = left + " of " + most + (permits ? " permits" : " counts") + " left";
  }

  private void readRobustSemaphore() {
    if (!fits(RobustSemaphoreLayout.holder(0))) {
      return;
    }
    long permits = heap.getLongVolatile(offset);
    readEvents(RobustSemaphoreLayout.EVENTS);
    if (permits == 0) {
      summary = "not made yet";
      return;
    }
    if (permits < 1 || permits > RobustSemaphoreLayout.MAX_PERMITS) {
      damaged("it says that it has %d permits", permits);
      return;
    }
    if (!fits(RobustSemaphoreLayout.holder((int) permits))) {
      return;
    }
    hasParticipants = true;
    long left = 0;
    for (int i = 0; i < permits; i++) {
      int tag = heap.getIntVolatile(offset + RobustSemaphoreLayout.holder(i));
      left += tag == 0 || !isOfTheLiving(tag, "permit " + i) ? 1 : 0;
    }
    count(left, permits);
  }

  private void readRobustLatch() {
    if (!fits(RobustLatchLayout.offset(0))) {
      return;
    }
    int word = heap.getIntVolatile(offset);
    readEvents(RobustLatchLayout.EVENTS);
    if (word == 0) {
      summary = "not made yet";
      return;
    }
    int counts = RobustLatchLayout.count(word);
    if (counts < 0) {
      damaged("0x%x is no first word of a latch", word);
      return;
    }
    if (!fits(RobustLatchLayout.offset(counts))) {
      return;
    }
    hasParticipants = true;
    long left = 0;
    long lost = 0;
    for (int i = 0; i < counts; i++) {
      int count = heap.getIntVolatile(offset + RobustLatchLayout.offset(i));
      lost += count == RobustLatchLayout.LOST ? 1 : 0;
      if (!RobustLatchLayout.isMade(count)) {
        boolean registered = count != RobustLatchLayout.OPEN;
        left += !registered || isOfTheLiving(count, "count " + i) ? 1 : 0;
      }
    }
    count(left, counts);
    if (lost > 0) {
      summary += ", " + lost + " made for the dead";
    }
  }

  private void readBarrier() {
    if (!fits(BarrierLayout.member(0))) {
      return;
    }
    long word = heap.getLongVolatile(offset);
    int parties = heap.getIntVolatile(offset + BarrierLayout.PARTIES);
    readEvents(BarrierLayout.EVENTS);
    if (word == 0) {
      summary = "not made yet";
      return;
    }
    if (!BarrierLayout.isMade(word) || parties < 1 || parties > BarrierLayout.MAX_PARTIES) {
      damaged("0x%x with %d parties is no barrier", word, parties);
      return;
    }
    if (!fits(BarrierLayout.member(parties))) {
      return;
    }
    int arrived = BarrierLayout.arrived(word);
    if (arrived >= parties) {
      damaged("%d of %d parties are said to wait", arrived, parties);
      return;
    }
    hasParticipants = true;
    for (int i = 0; i < parties; i++) {
      int tag = heap.getIntVolatile(offset + BarrierLayout.member(i));
      if (tag != 0) {
        owner(tag, "a part in the barrier");
      }
    }
    value = OptionalLong.of(arrived);
    maximum = OptionalLong.of(parties);
    summary =
        BarrierLayout.isBroken(word)
            ? "broken"
            : arrived + " of " + parties + " parties wait, round " + BarrierLayout.round(word);
  }

  private void readEvent() {
    if (fits(EventLayout.LENGTH)) {
      int state = heap.getIntVolatile(offset + EventLayout.STATE);
      readEvents(EventLayout.EVENTS);
      free = state == 1;
      summary = free ? "set" : "not set";
      if (state != 0 && state != 1) {
        damaged("it has %d, expected 0 or 1", state);
      }
    }
  }

  private void readOnce() {
    if (!fits(OnceLayout.LENGTH)) {
      return;
    }
    int done = heap.getIntVolatile(offset + OnceLayout.DONE);
    String lock = lock(heap.getLongVolatile(offset));
    if (done != 0 && done != 1) {
      damaged("it has %d, expected 0 or 1", done);
    } else if (damage.isEmpty()) {
      free = done == 1;
      summary = done == 1 ? "done" : lock.equals("free") ? "not done yet" : "being done, " + lock;
    } else {
      summary = "damaged";
    }
  }
}
