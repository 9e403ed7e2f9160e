package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.AcknowledgedReceipts;
import dev.rszshm.structures.internal.ring.Attempt;
import dev.rszshm.structures.internal.ring.MessageDestination;
import dev.rszshm.structures.internal.ring.OtherEnd;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.PartReceiver;
import dev.rszshm.structures.internal.ring.Receipt;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingWaiting;
import dev.rszshm.sync.internal.ParticipantCounts;
import dev.rszshm.sync.internal.WaitMode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The receiving end. */
final class Receiver {
  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final @Nullable PartReceiver parts;
  private final InPlaceReceiver inPlace;
  private final @Nullable AcknowledgedReceipts receipts;
  private final OtherEnd senders;

  /** Those that wait, where senders without a buffer look for them. */
  private final @Nullable ParticipantCounts waiting;

  Receiver(Ring ring, long offset, ChannelSpec spec, OtherEnd senders, ParticipantCounts waiting) {
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = RawAccess.of(heap, Receiver.class);
    this.parts = spec.isStream() && !spec.isAcknowledged() ? new PartReceiver(ring, offset) : null;
    this.inPlace = new InPlaceReceiver(ring, parts);
    this.receipts = ring.receipts();
    this.senders = senders;
    this.waiting = spec.isUnbuffered() ? waiting : null;
  }

  /**
   * Receives the next message if there is one receiver, and nothing to wait for or to refuse.
   *
   * @return its length; -1 if none was received
   */
  int receiveAtOnce(byte[] into) {
    return parts == null || !parts.hasBegun() ? ring.receiveAtOnce(into) : -1;
  }

  /** Receives the next message, when there is one, in a call of its own. */
  Outcome receive(MessageDestination to, WaitMode mode) {
    Outcome outcome;
    try {
      outcome = receive(to);
      if (outcome != Outcome.DONE && outcome != Outcome.SHUTDOWN) {
        outcome = awaitAttempt(() -> receive(to), mode);
      }
    } catch (Throwable thrown) {
      endCallAfter(thrown);
      throw thrown;
    }
    endCall();
    return outcome;
  }

  /** Waits until something else can be received, of which nothing is kept for another call. */
  Outcome await(Attempt attempt, WaitMode mode) {
    Outcome outcome = attempt.make();
    return outcome == Outcome.DONE || outcome == Outcome.SHUTDOWN
        ? outcome
        : awaitAttempt(attempt, mode);
  }

  private Outcome awaitAttempt(Attempt attempt, WaitMode mode) {
    if (waiting == null) {
      return RingWaiting.awaitMessage(ring, attempt, mode, senders);
    }
    waiting.increment();
    Outcome outcome;
    try {
      outcome = RingWaiting.awaitMessage(ring, attempt, mode, senders);
    } catch (Throwable thrown) {
      try {
        waits(false);
      } catch (RuntimeException also) {
        thrown.addSuppressed(also);
      }
      throw thrown;
    }
    waits(false);
    return outcome;
  }

  /** Ends a call: what this thread has of a message that comes in parts is kept for the next. */
  private void endCall() {
    if (parts != null && heap.isOpen()) {
      parts.endCall();
    }
  }

  /** Drops what was received in part, because another process is about to receive. */
  void leave() {
    if (parts != null) {
      parts.leave();
    }
  }

  /** Receives the next message, if there is one, in a call of its own. */
  Outcome tryReceive(MessageDestination to) {
    Outcome outcome;
    try {
      outcome = receive(to);
    } catch (Throwable thrown) {
      endCallAfter(thrown);
      throw thrown;
    }
    endCall();
    return outcome;
  }

  private void endCallAfter(Throwable thrown) {
    try {
      endCall();
    } catch (RuntimeException also) {
      thrown.addSuppressed(also);
    }
  }

  /**
   * Receives the next message, if there is one.
   *
   * @throws MessageLengthException if it does not fit; it stays
   */
  Outcome receive(MessageDestination to) {
    if (receipts != null) {
      return receiveAndAcknowledge(receipts.reach(), to);
    }
    ring.enter();
    long position = ring.head();
    while (true) {
      long header = ring.header(position);
      if (ring.isMessage(position, header)) {
        endCall(); // the message goes where the parts of another may have gone
        if (receiveAt(position, header, to)) {
          return Outcome.DONE;
        }
        position = ring.head();
        continue;
      }
      if (parts != null && ring.isPart(position, header)) {
        Outcome outcome = parts.receive(to);
        if (outcome != Outcome.BUSY) {
          return outcome;
        }
        position = ring.head();
        continue;
      }
      position = ring.pass(position, header);
      if (position <= 0) {
        if (parts != null) {
          parts.forget();
        }
        return Outcome.of(position);
      }
    }
  }

  private Outcome receiveAndAcknowledge(AcknowledgedReceipts.Reach reach, MessageDestination to) {
    Outcome outcome = reach.make();
    Receipt receipt = reach.receipt();
    if (receipt == null) {
      return outcome;
    }
    try {
      ring.enter();
      if (!to.hasRoomFor(receipt.length())) {
        throw to.tooLong(receipt.length());
      }
      to.begin(receipt.length());
      if (receipt.length() > 0) {
        ring.enter();
        to.put(0, ring.payload(receipt.position()), receipt.length());
      }
      receipt.done();
    } catch (Throwable thrown) {
      try {
        if (!receipt.ended) {
          receipt.close();
        }
      } catch (RuntimeException also) {
        thrown.addSuppressed(also);
      } finally {
        if (!receipt.ended) {
          receipt.unreleased.slots[receipt.pin] = true; // no call: there may be no stack for one
          receipt.unreleased.any = true;
        }
      }
      throw thrown;
    }
    return outcome;
  }

  /** Counts this process among the receivers that wait, or not any more. */
  void waits(boolean begins) {
    if (waiting != null && begins) {
      waiting.increment();
    } else if (waiting != null && heap.isOpen()) {
      waiting.decrement();
    }
  }

  /** Whether something can be received now, without receiving it. */
  Outcome look() {
    if (receipts != null) {
      return receipts.look();
    }
    ring.enter();
    long position = ring.head();
    while (position > 0) {
      long header = ring.header(position);
      if (ring.isMessage(position, header)) {
        if (ring.head() == position) {
          return Outcome.DONE;
        }
        position = ring.head();
      } else if (parts != null && ring.isPart(position, header)) {
        Outcome outcome = parts.look(position, header);
        if (outcome != Outcome.BUSY) {
          return outcome;
        }
        position = ring.head();
      } else {
        position = ring.pass(position, header);
      }
    }
    return Outcome.of(position);
  }

  private boolean receiveAt(long position, long header, MessageDestination to) {
    int length = ring.length(position, header);
    if (!to.hasRoomFor(length)) {
      if (ring.head() != position) {
        return false;
      }
      throw to.tooLong(length);
    }
    to.begin(length);
    if (length > 0) {
      to.put(0, ring.payload(position), length);
    }
    return ring.consume(position, header);
  }

  /** Receives up to a number of messages that are there, in one step. */
  Outcome receiveAll(List<byte[]> into, int most) {
    ring.enter();
    int size = most;
    while (true) {
      long front = ring.head();
      long position = front;
      long header = ring.header(position);
      if (size <= 1 || receipts != null || !ring.isMessage(position, header)) {
        MessageDestination one = MessageDestination.newArray(ring);
        Outcome outcome = tryReceive(one);
        if (outcome == Outcome.DONE) {
          into.add(one.bytes());
        }
        if (receipts == null || outcome != Outcome.DONE || into.size() >= most) {
          return into.isEmpty() ? outcome : Outcome.DONE;
        }
        continue;
      }
      while (into.size() < size && ring.isMessage(position, header)) {
        byte[] message = new byte[ring.length(position, header)];
        memory.copyOut(ring.payload(position), message, 0, message.length);
        into.add(message);
        position = ring.behind(position, header);
        header = ring.header(position);
      }
      if (ring.consumeUntil(front, position)) {
        return Outcome.DONE;
      }
      into.clear();
      size /= 2; // others are at it: a shorter step is sooner done
    }
  }

  /** An attempt to receive a message where it is. */
  final class TakeAttempt implements Attempt {
    private @Nullable Message message;

    /** Returns what was received, if anything was. */
    Optional<Message> message() {
      return Optional.ofNullable(message);
    }

    @Override
    public Outcome make() {
      if (receipts == null) {
        return inPlace.take(taken -> message = taken);
      }
      AcknowledgedReceipts.Reach reach = receipts.reach();
      Outcome outcome = reach.make();
      Receipt receipt = reach.receipt();
      message = receipt == null ? null : new Message(ring, receipt);
      return outcome;
    }
  }

  /** An attempt to receive several messages where they are. */
  final class EachAttempt implements Attempt {
    private final MessageHandler handler;
    private final int most;
    private final MessageRow row;
    Outcome outcome = Outcome.NOT_YET;
    private final TakeAttempt acknowledged = new TakeAttempt();

    EachAttempt(int most, MessageHandler handler) {
      this.handler = handler;
      this.most = most;
      this.row = new MessageRow(ring, most);
    }

    @Override
    public Outcome make() {
      return receipts == null ? inPlace.take(row) : acknowledged.make();
    }

    /**
     * Receives messages and passes them to the handler.
     *
     * @param mode how to wait for the first; null: not at all
     * @return how many; 0 if {@link #outcome} says why there was none
     */
    int receive(@Nullable WaitMode mode) {
      try {
        outcome = mode == null ? make() : await(this, mode);
        return outcome == Outcome.DONE ? handle() : 0;
      } catch (Throwable thrown) {
        if (row.isReceived) {
          row.pins.unreleased.slots[row.pin] = true; // no call: there may be no stack for one
          row.pins.unreleased.any = true;
        }
        throw thrown;
      }
    }

    private int handle() {
      if (receipts == null) {
        return row.handle(handler);
      }
      int count = 0;
      do {
        try (Message message = acknowledged.message().orElseThrow()) {
          handler.handle(message.offset(), message.length());
          message.done();
        }
        count++;
      } while (count < most && acknowledged.make() == Outcome.DONE);
      return count;
    }
  }

  EachAttempt eachAttempt(int most, MessageHandler handler) {
    return new EachAttempt(most, handler);
  }

  TakeAttempt takeAttempt() {
    return new TakeAttempt();
  }
}
