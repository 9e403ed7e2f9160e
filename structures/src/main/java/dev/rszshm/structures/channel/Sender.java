package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.HandOver;
import dev.rszshm.structures.internal.ring.Header;
import dev.rszshm.structures.internal.ring.PartReceiver;
import dev.rszshm.structures.internal.ring.PartSender;
import dev.rszshm.structures.internal.ring.Patience;
import dev.rszshm.structures.internal.ring.Patience.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.Source;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.internal.ParticipantCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The sending end: decides in which way a message goes. */
final class Sender {
  private final Ring ring;
  private final Heap heap;
  private final ChannelSpec spec;
  private final int longest;
  private final Patience patience;
  private final PartSender parts;
  private final HandOver handOver;
  private final Peers receivers;

  Sender(
      Ring ring,
      long offset,
      ChannelSpec spec,
      Patience patience,
      Peers receivers,
      ParticipantCounts waiting) {
    this.ring = ring;
    this.heap = ring.heap;
    this.spec = spec;
    this.longest = ring.geometry.longest();
    this.patience = patience;
    this.parts =
        spec.isStream()
            ? new PartSender(ring, offset, patience, new PartReceiver(ring, offset))
            : null;
    this.handOver =
        spec.isUnbuffered() ? new HandOver(ring, patience, receivers, waiting, this::pushAt) : null;
    this.receivers = receivers;
  }

  /** Throws if no message of this channel can have a length. */
  void requireLength(long length) {
    ChannelSpec.Width width = spec.width();
    boolean good =
        switch (width.kind()) {
          case STREAM -> true;
          case VARIABLE -> length <= width.bytes();
          case EMPTY, FIXED -> length == width.bytes();
        };
    if (!good) {
      throw new MessageLengthException(
          "found a message of "
              + length
              + " bytes, expected "
              + (width.kind() == ChannelSpec.Kind.VARIABLE ? "at most " : "")
              + width.bytes()
              + ", in "
              + ring
              + " ("
              + spec
              + ")");
    }
  }

  /** Sends if that can be done now. */
  Outcome trySend(Source source) {
    if (handOver != null) {
      return handOver.tryHandOver(source);
    }
    if (source.length() <= longest) {
      return push(source);
    }
    long granules = parts.granulesFor(source.length());
    if (granules > ring.geometry.granules() / 2) {
      throw new MessageLengthException(
          "found a message of "
              + source.length()
              + " bytes, which does not fit into "
              + ring
              + " ("
              + spec
              + ") at once: use send, which waits while it is received");
    }
    parts.dropDebris();
    if (granules > ring.room()) {
      return ring.isClosed() ? Outcome.CLOSED : Outcome.NOT_YET;
    }
    try {
      return sendParts(source, Deadline.after(heap, 0), false);
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Sends when that can be done. */
  Outcome send(Source source, Deadline deadline, boolean interruptible)
      throws InterruptedException {
    if (handOver != null) {
      return handOver.handOver(source, deadline, interruptible);
    }
    if (source.length() > longest) {
      return sendParts(source, deadline, interruptible);
    }
    Outcome outcome = push(source);
    return outcome == Outcome.DONE
        ? outcome
        : patience.await(ring.notFull, () -> push(source), deadline, interruptible, receivers);
  }

  private Outcome sendParts(Source source, Deadline deadline, boolean interruptible)
      throws InterruptedException {
    try {
      return parts.send(source, deadline, interruptible, receivers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends what a stream has. */
  Outcome sendFrom(Source source, Deadline deadline) throws InterruptedException, IOException {
    if (source.length() > longest) {
      return parts.send(source, deadline, true, receivers);
    }
    int length = (int) source.length();
    byte[] bytes = source.prepare(null, length);
    return send(Source.array(heap, bytes, 0, length), deadline, true);
  }

  /**
   * Sends as many as there is room for, from an index on, and wakes receivers once.
   *
   * @return how many
   */
  int pushAll(List<byte[]> messages, int from) {
    int sent = 0;
    boolean awaited = false;
    for (; from + sent < messages.size(); sent++) {
      byte[] message = messages.get(from + sent);
      Source source = Source.array(heap, message, 0, message.length);
      long position = message.length > longest ? Ring.NONE : claim(message.length);
      if (position <= 0) {
        break;
      }
      awaited |= fillSurely(source, position);
    }
    if (awaited) {
      ring.notEmpty.signalAll();
    }
    return sent;
  }

  /** Claims room for a message, when there is some. */
  Outcome awaitClaim(int length, long[] where, Deadline deadline, boolean interruptible)
      throws InterruptedException {
    return patience.await(
        ring.notFull, () -> claim(length, where), deadline, interruptible, receivers);
  }

  private Outcome claim(int length, long[] where) {
    where[0] = claim(length);
    return where[0] > 0 ? Outcome.DONE : where[0] == Ring.CLOSED ? Outcome.CLOSED : Outcome.NOT_YET;
  }

  private long claim(int length) {
    ring.enter();
    long position = ring.claim(length);
    return position == Ring.NONE && parts != null && parts.dropDebris()
        ? ring.claim(length)
        : position;
  }

  private Outcome push(Source source) {
    long position = claim((int) source.length());
    if (position <= 0) {
      return position == Ring.CLOSED ? Outcome.CLOSED : Outcome.NOT_YET;
    }
    if (fillSurely(source, position)) {
      ring.notEmpty.signalOne();
    }
    return Outcome.DONE;
  }

  private Outcome pushAt(Source source, long[] where) {
    Outcome outcome = claim((int) source.length(), where);
    if (outcome == Outcome.DONE) {
      if (fillSurely(source, where[0])) {
        ring.notEmpty.signalOne();
      }
    }
    return outcome;
  }

  private void fill(Source source, long position) {
    int length = (int) source.length();
    if (length > 0) {
      source.copy(null, 0, ring.payload(position), length);
    }
    ring.commit(position, Header.MESSAGE, length);
  }

  /** Fills what was claimed; whatever is thrown gives the claim up. */
  private boolean fillSurely(Source source, long position) {
    try {
      boolean awaited = ring.isAwaited();
      fill(source, position);
      return awaited;
    } catch (Throwable thrown) {
      ring.abandoned = position; // no call: there may be no stack for one
      ring.settleAbandoned();
      throw thrown;
    }
  }
}
