package dev.rszshm.structures.request;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.Unreleased;
import dev.rszshm.sync.EventCount;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * The calls that are under way in a request channel, and their replies.
 *
 * Layout
 * ------
 * RequestLayout. A slot has an owner, the client, and a word with state, server and number of the call.
 *
 * Protocol
 * --------
 * client:
 *  1 take a slot: its owner from 0, or from a dead one, by compare-and-set. If somebody alive still writes
 *    a reply there: the word to ABANDONED, give it back, try the next;
 *  2 word: to WAITING with the next number. Whatever a server may still do with an older one fails;
 *  3 send {slot, number, request} through the ring; 4 wait for REPLIED or FAILED; 5 copy the reply;
 *  6 end, in time or not: word to IDLE, or from WRITING to ABANDONED; 7 owner 0; wake who waits for a slot.
 * server:
 *  8 at the head of the ring: copy the request; is the head still there?
 *  9 word: from WAITING of that number to TAKEN by this server. This is the receipt. Otherwise another
 *    has it, or the client wants no reply any more;
 * 10 move the head of the ring behind it, whoever has it;
 * 11 TAKEN to WRITING; not possible: the reply comes too late and is dropped;
 * 12 write length and reply; 13 WRITING to REPLIED or FAILED, and wake the client. Not possible, because
 *    the client has left: ABANDONED to IDLE, and wake who waits for a slot.
 * All changes of the word are by compare-and-set.
 * While the word is WAITING nobody has moved the head behind the request, so what 8 has copied is whole
 * if 9 succeeds. A number comes again after 2^31 calls of one slot; a server would have to stand still
 * for exactly that long.
 *
 * If a process dies here
 * ----------------------
 * client, 1-6: a slot of the dead, which whoever needs one takes; the number keeps late servers out.
 * Before 7 the same. server, before 9: the next server takes the request. 9-12: the client sees a word
 * with a dead server within 100 ms, and learns of it. Between 9 and 10: the next server moves the head.
 * Before the end of 13: the client looks again within 50 ms; an ABANDONED slot of a dead server is free.
 */
final class ReplySlots {
  private final Heap heap;
  private final long offset;
  private final int size;
  private final int longestReply;
  private final long slotLength;
  private final int tag;
  private final EventCount slotFree;
  private final AtomicInteger next = new AtomicInteger();

  /** Slots of this process that no call has any more. */
  final Unreleased unended;

  /** A slot, and the number of the call for which it was taken. */
  static final class Call {
    final int slot;
    final int number;

    /** Whether its slot is given back. */
    boolean ended;

    Call(int slot, int number) {
      this.slot = slot;
      this.number = number;
    }
  }

  ReplySlots(Heap heap, long offset, RequestSpec spec) {
    this.heap = heap;
    this.offset = offset;
    this.size = spec.calls();
    this.unended = Unreleased.of(heap, offset + RequestLayout.SLOTS, size);
    this.longestReply = spec.maxReplyLength();
    this.slotLength = RequestLayout.slotLength(longestReply);
    this.tag = heap.self().orElseThrow().tag();
    this.slotFree = EventCount.at(heap, offset + RequestLayout.SLOT_FREE);
  }

  /** What is signalled when a slot may be free. */
  EventCount slotFree() {
    return slotFree;
  }

  int size() {
    return size;
  }

  private long slotOffset(int slot) {
    return offset + RequestLayout.SLOTS + slot * slotLength;
  }

  private long field(int slot, int field) {
    return slotOffset(slot) + field;
  }

  /** What is signalled when the word of a call may have changed. */
  EventCount events(Call call) {
    return EventCount.at(heap, slotOffset(call.slot) + RequestLayout.EVENTS);
  }

  private long word(int slot) {
    return heap.getLongVolatile(field(slot, RequestLayout.WORD));
  }

  private boolean change(int slot, long from, long to) {
    return heap.compareAndSetLong(field(slot, RequestLayout.WORD), from, to);
  }

  private boolean change(Call call, int from, int server, int to) {
    return change(
        call.slot,
        RequestLayout.word(from, server, call.number),
        RequestLayout.word(to, server, call.number));
  }

  /** Takes a slot for a call; null if none can be had. */
  @Nullable Call take() {
    if (unended.any) {
      endNoted();
    }
    int first = next.getAndIncrement();
    for (int i = 0; i < size; i++) {
      int slot = Math.floorMod(first + i, size);
      if (heap.getLongVolatile(field(slot, RequestLayout.CLIENT)) == 0) {
        Call call = take(slot, 0);
        if (call != null) {
          return call;
        }
      }
    }
    for (int slot = 0; slot < size; slot++) {
      long owner = heap.getLongVolatile(field(slot, RequestLayout.CLIENT));
      if (owner != 0 && !heap.isAlive((int) owner)) {
        Call call = take(slot, owner);
        if (call != null) {
          return call;
        }
      }
    }
    return null;
  }

  /** Takes a slot; null if another was faster, or it is in use. */
  private @Nullable Call take(int slot, long owner) {
    if (!heap.compareAndSetLong(field(slot, RequestLayout.CLIENT), owner, tag)) {
      return null;
    }
    try {
      return begin(slot);
    } catch (Throwable thrown) {
      unended.slots[slot] = true; // no call: there may be no stack for one
      unended.any = true;
      throw thrown;
    }
  }

  /** Begins a call in a slot; null if a server that lives is still writing there. */
  private @Nullable Call begin(int slot) {
    while (true) {
      long found = word(slot);
      int state = RequestLayout.state(found);
      boolean written = state == RequestLayout.WRITING || state == RequestLayout.ABANDONED;
      int server = RequestLayout.server(found);
      int number = RequestLayout.number(found);
      if (written && heap.isAlive(server)) {
        if (state == RequestLayout.ABANDONED
            || change(slot, found, RequestLayout.word(RequestLayout.ABANDONED, server, number))) {
          heap.putLongVolatile(field(slot, RequestLayout.CLIENT), 0);
          return null;
        }
        continue;
      }
      int following = number + 1 & Integer.MAX_VALUE;
      if (change(slot, found, RequestLayout.word(RequestLayout.WAITING, 0, following))) {
        return new Call(slot, following);
      }
    }
  }

  /** Whether a call has an answer. */
  boolean isAnswered(Call call) {
    int state = RequestLayout.state(word(call.slot));
    return state == RequestLayout.REPLIED || state == RequestLayout.FAILED;
  }

  /** Whether an answer says why there is no reply. */
  boolean hasFailed(Call call) {
    return RequestLayout.state(word(call.slot)) == RequestLayout.FAILED;
  }

  /** Whether no server has a call. */
  boolean isWaiting(Call call) {
    return RequestLayout.state(word(call.slot)) == RequestLayout.WAITING;
  }

  /** Whether a server has a call, or had it, and is dead. */
  boolean isServerDead(Call call) {
    int server = RequestLayout.server(word(call.slot));
    return server != 0 && !heap.isAlive(server);
  }

  /** The answer of a call that has one; null if it cannot be one. */
  byte @Nullable [] answer(Call call) {
    int length = heap.getInt(field(call.slot, RequestLayout.LENGTH));
    if (length < 0 || length > longestReply) {
      return null;
    }
    return heap.getBytes(field(call.slot, RequestLayout.REPLY), length);
  }

  /**
   * Ends a call, answered or not, and gives the slot back. If something is thrown, the call says
   * whether it has ended.
   */
  void end(Call call) {
    settle(call.slot);
    heap.putLongVolatile(field(call.slot, RequestLayout.CLIENT), 0);
    call.ended = true;
    slotFree.signalOne();
  }

  /** Gives the slots back that are noted. */
  void endNoted() {
    unended.release(
        this::settle, slot -> heap.putLongVolatile(field(slot, RequestLayout.CLIENT), 0));
    slotFree.signalAll();
  }

  private void settle(int slot) {
    long found = word(slot);
    while (!change(slot, found, ended(found))) {
      found = word(slot);
    }
  }

  private long ended(long found) {
    int server = RequestLayout.server(found);
    int number = RequestLayout.number(found);
    return RequestLayout.state(found) == RequestLayout.WRITING
        ? RequestLayout.word(RequestLayout.ABANDONED, server, number)
        : RequestLayout.word(RequestLayout.IDLE, 0, number);
  }

  /** Takes a request that was found in the ring; returns whether nobody else has, or wants none. */
  boolean accept(Call call) {
    return change(
        call.slot,
        RequestLayout.word(RequestLayout.WAITING, 0, call.number),
        RequestLayout.word(RequestLayout.TAKEN, tag, call.number));
  }

  /** Whether a client still waits for the answer of a request that this process has taken. */
  boolean isWanted(Call call) {
    return word(call.slot) == RequestLayout.word(RequestLayout.TAKEN, tag, call.number);
  }

  /**
   * Answers a request that this process has taken.
   *
   * @param state {@link RequestLayout#REPLIED} or {@link RequestLayout#FAILED}
   * @return whether somebody still wants to know
   */
  boolean answer(Call call, int state, byte[] bytes) {
    if (!change(call, RequestLayout.TAKEN, tag, RequestLayout.WRITING)) {
      return false;
    }
    boolean given;
    try {
      heap.putInt(field(call.slot, RequestLayout.LENGTH), bytes.length);
      heap.putBytes(field(call.slot, RequestLayout.REPLY), bytes);
      given = change(call, RequestLayout.WRITING, tag, state);
    } catch (Throwable thrown) {
      if (heap.isOpen()) {
        change(call, RequestLayout.WRITING, tag, RequestLayout.TAKEN); // to be answered again
      }
      throw thrown;
    }
    if (given) {
      events(call).signalAll();
      return true;
    }
    change(
        call.slot,
        RequestLayout.word(RequestLayout.ABANDONED, tag, call.number),
        RequestLayout.word(RequestLayout.IDLE, 0, call.number));
    slotFree.signalOne();
    return false;
  }
}
