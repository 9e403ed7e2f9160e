package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.structures.internal.process.ProcessState;
import org.jspecify.annotations.Nullable;

/*
 * Receives messages that were sent in parts (PartSender).
 *
 * Layout
 * ------
 * RingLayout: which participant receives the message of which running number. Private: what this process
 * has of that message (PartialMessage), the same for all its handles of the channel.
 *
 * Protocol
 * --------
 * With a part at the head:
 * 1 it is not the first of its message, and nobody alive receives that one: its beginning was received by
 *   somebody who died, or it is damaged. Receive it, and drop it;
 * 2 it is the first, and somebody alive is about to receive it: leave it. Otherwise: is there room for the
 *   whole message? If not, and the rest will never come, drop it as at 1; if not, it stays;
 * 3 write down that this process receives the message of that number, by compare-and-set; copy the part,
 *   and move the head behind it;
 * 4 the others in the same way, as they come, by any thread of the process. Whole messages of others
 *   between them stay in the channel, for whoever receives next; that may be a thread that waits for the
 *   next part: it returns the other message, and what it has of the long one is kept for the next call.
 * The rest will never come: the identity that senders write down is another, or its participant is dead,
 * and after that was seen the parts in the channel are too few. What is written down at 3 is not
 * cleared: the next message has another number.
 * The number has 34 bits: to take one message for another, a receiver must stand still while exactly
 * 2^34 of them are sent.
 *
 * If a process dies here
 * ----------------------
 * Before the head has moved at 3: the message is still there. After it, the message dies with its
 * receiver, as one does that was received just before a death: others drop the rest at 1.
 */
public final class PartReceiver {
  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final State state;
  private final long identity;
  private final long receiver;
  private final int most;

  /** What this process has of the message that it receives; guarded by itself. */
  private static final class State {
    volatile @Nullable PartialMessage assembly;
  }

  public PartReceiver(Ring ring, long offset) {
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = RawAccess.of(heap, PartReceiver.class);
    this.identity = offset + RingLayout.PARTS_IDENTITY;
    this.receiver = offset + RingLayout.PARTS_RECEIVER;
    this.most = ring.geometry.longest() - PartLayout.BYTES;
    this.state = ProcessState.of(heap, offset, State.class, State::new);
  }

  /** Ends a call of this thread: what it has of a message is kept for the next call. */
  public void endCall() {
    PartialMessage assembly = state.assembly;
    if (assembly != null && assembly.isOf(Thread.currentThread())) {
      synchronized (state) {
        keep(assembly);
      }
    }
  }

  /** Whether this process has begun with a message. */
  public boolean hasBegun() {
    return state.assembly != null;
  }

  /** Drops what this process has of a message: another process is about to receive. */
  public void leave() {
    synchronized (state) {
      long word = heap.getLongVolatile(receiver);
      if (PartLayout.tag(word) == ring.tag()) {
        heap.compareAndSetLong(receiver, word, 0);
      }
      state.assembly = null;
    }
  }

  private void keep(PartialMessage assembly) {
    boolean kept = false;
    try {
      assembly.keep();
      kept = true;
    } finally {
      if (!kept) {
        state.assembly = null;
      }
    }
  }

  /** Forgets a message whose rest will never come; called when there is no part at the head. */
  public void forget() {
    PartialMessage assembly = state.assembly;
    if (assembly == null || !isOver(assembly.id)) {
      return;
    }
    synchronized (state) {
      ring.enter();
      long position = ring.head();
      if (state.assembly == assembly
          && !ring.isPart(position, ring.header(position))
          && !isRestThere(position, assembly.id, assembly.left())) {
        state.assembly = null;
      }
    }
  }

  /**
   * Says whether a part at the head can be received, and drops it if nobody ever will.
   *
   * @return {@link Outcome#DONE} if this process can receive it or say that it is too long; {@link
   *     Outcome#NOT_YET} if another does; {@link Outcome#BUSY} to look at the head again
   */
  public Outcome look(long position, long header) {
    synchronized (state) {
      ring.enter();
      return lookAlone(position, header);
    }
  }

  private Outcome lookAlone(long position, long header) {
    long part = ring.payload(position);
    long id = memory.getLong(part + PartLayout.IDENTITY);
    long total = memory.getLong(part + PartLayout.TOTAL);
    boolean first = memory.getInt(part + PartLayout.INDEX) == 0;
    memory.acquireFence();
    if (ring.head() != position) {
      return Outcome.BUSY;
    }
    PartialMessage assembly = state.assembly;
    PartialMessage own = assembly != null && assembly.id == id ? assembly : null;
    if (own == null && isOthers(id)) {
      return Outcome.NOT_YET;
    }
    long left = own != null ? own.left() : total;
    if ((first || own != null) && !(isOver(id) && !isRestThere(position, id, left))) {
      return Outcome.DONE;
    }
    ring.consume(position, header);
    return Outcome.BUSY;
  }

  /**
   * Receives the parts at the head.
   *
   * @return {@link Outcome#DONE} if that is a message; {@link Outcome#NOT_YET} if another receives
   *     them; {@link Outcome#BUSY} if there is something else at the head
   */
  public Outcome receive(MessageDestination to) {
    long front = ring.head();
    try {
      synchronized (state) {
        ring.enter();
        return receiveParts(to);
      }
    } finally {
      if (heap.isOpen() && ring.head() != front) {
        ring.notEmpty.signalAll();
      }
    }
  }

  private Outcome receiveParts(MessageDestination to) {
    while (true) {
      long position = ring.head();
      long header = ring.header(position);
      if (!ring.isPart(position, header)) {
        return Outcome.BUSY;
      }
      PartialMessage assembly = state.assembly;
      if (assembly != null && assembly.isOfAnother(Thread.currentThread(), to)) {
        return Outcome.NOT_YET;
      }
      int length = ring.length(position, header);
      Part part = Part.read(memory, ring.payload(position));
      memory.acquireFence();
      if (ring.head() != position) {
        continue;
      }
      Outcome outcome =
          assembly != null && assembly.id == part.id()
              ? Outcome.DONE
              : begin(to, position, header, length, part);
      if (outcome == Outcome.NOT_YET) {
        return outcome;
      }
      PartialMessage begun = state.assembly;
      if (outcome == Outcome.DONE
          && begun != null
          && accept(begun, to, position, header, length, part)) {
        return Outcome.DONE;
      }
    }
  }

  /** Begins with a message; returns BUSY if its part was dropped, or taken by another. */
  private Outcome begin(MessageDestination to, long position, long header, int length, Part part) {
    if (isOthers(part.id())) {
      return Outcome.NOT_YET;
    }
    state.assembly = null;
    PartialMessage assembly = new PartialMessage(part.id(), part.total());
    String damage = damage(assembly, length, part);
    if (damage != null) {
      if (ring.consume(position, header) && part.index() == 0) {
        throw damaged(assembly, damage);
      }
      return Outcome.BUSY;
    }
    if (!to.hasRoomFor(part.total())) {
      return refuse(to, position, header, assembly);
    }
    long found = heap.getLongVolatile(receiver);
    long own = PartLayout.identity(ring.tag(), part.id());
    if (isOthers(part.id()) || !heap.compareAndSetLong(receiver, found, own)) {
      return Outcome.BUSY;
    }
    assembly.begin(to, Thread.currentThread());
    state.assembly = assembly;
    return Outcome.DONE;
  }

  /** Leaves a message that is too long, or drops its part if the rest will never come. */
  private Outcome refuse(
      MessageDestination to, long position, long header, PartialMessage assembly) {
    if (!isOver(assembly.id) || isRestThere(position, assembly.id, assembly.left())) {
      if (ring.head() == position) {
        throw to.tooLong(assembly.total);
      }
      return Outcome.BUSY;
    }
    state.assembly = null;
    ring.consume(position, header);
    return Outcome.BUSY;
  }

  /** Receives a part; returns whether it was the last one. */
  private boolean accept(
      PartialMessage assembly,
      MessageDestination to,
      long position,
      long header,
      int length,
      Part part) {
    String damage = damage(assembly, length, part);
    if (damage != null) {
      // Who has given a message up drops its parts, and may be about to drop this one.
      boolean givenUp = isOver(assembly.id) && !isRestThere(position, assembly.id, assembly.left());
      state.assembly = null;
      if (ring.consume(position, header) && !givenUp) {
        throw damaged(assembly, damage);
      }
      return false;
    }
    if (!to.hasRoomFor(assembly.total)) {
      refuse(to, position, header, assembly);
      return false;
    }
    if (part.length() == assembly.left()) {
      assembly.finish(to); // before the receipt: an error leaves the part where it is
    }
    assembly.put(memory, ring.payload(position) + PartLayout.BYTES, part.length());
    if (!ring.consume(position, header)) {
      state.assembly = null; // somebody else took it: it was not as it must be
      return false;
    }
    assembly.advance(part.length());
    if (assembly.left() > 0) {
      return false;
    }
    state.assembly = null;
    return true;
  }

  private DamagedChannelException damaged(PartialMessage assembly, String damage) {
    heap.requireOpen(); // or what was read is nothing
    return new DamagedChannelException(
        "part "
            + assembly.parts()
            + " of a message in "
            + ring
            + " is damaged: "
            + damage
            + ". The message is dropped");
  }

  /** What is wrong with a part; null if nothing is. */
  private @Nullable String damage(PartialMessage assembly, int recordLength, Part part) {
    if (part.index() != assembly.parts()) {
      return "found index " + part.index() + ", expected " + assembly.parts();
    }
    if (part.total() != assembly.total || part.total() <= 0) {
      return "found a total of " + part.total() + " bytes, expected " + Math.max(1, assembly.total);
    }
    long size = Math.min(assembly.left(), most);
    if (part.length() != size || part.length() != recordLength - PartLayout.BYTES) {
      return "found "
          + part.length()
          + " bytes in a record of "
          + recordLength
          + ", expected "
          + size;
    }
    return null;
  }

  /** Whether another process, which lives, receives a message. */
  private boolean isOthers(long id) {
    long word = heap.getLongVolatile(receiver);
    int holder = PartLayout.tag(word);
    return PartLayout.number(word) == PartLayout.number(id)
        && holder != 0
        && holder != ring.tag()
        && heap.isAlive(holder);
  }

  /** Whether no more parts of a message will be sent than are there after this call. */
  private boolean isOver(long id) {
    if (heap.getLongVolatile(identity) != id) {
      return true;
    }
    int sender = PartLayout.tag(id);
    return sender != ring.tag() && !heap.isAlive(sender);
  }

  /** Whether what is left of a message is in the channel; true as well if the head has moved. */
  private boolean isRestThere(long front, long id, long left) {
    long position = front;
    for (int i = 0; i < ring.geometry.granules(); i++) {
      long header = ring.header(position);
      if (ring.isPart(position, header)) {
        long part = ring.payload(position);
        boolean own = memory.getLong(part + PartLayout.IDENTITY) == id;
        left -= own ? Math.max(0, Header.length(header) - PartLayout.BYTES) : 0;
      } else if (!ring.isSettled(position, header) && !ring.isClaimed(position, header)) {
        break;
      }
      if (left <= 0) {
        return true;
      }
      position = ring.behind(position, header);
    }
    return ring.head() != front;
  }

  /** What precedes the bytes of a part. */
  private record Part(long id, long total, int index, int length) {
    static Part read(Memory memory, long part) {
      return new Part(
          memory.getLong(part + PartLayout.IDENTITY),
          memory.getLong(part + PartLayout.TOTAL),
          memory.getInt(part + PartLayout.INDEX),
          memory.getInt(part + PartLayout.LENGTH));
    }
  }
}
