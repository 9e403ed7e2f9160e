package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.Header;
import dev.rszshm.structures.internal.ring.MessageSource;
import dev.rszshm.structures.internal.ring.PartReceiver;
import dev.rszshm.structures.internal.ring.PartSender;
import dev.rszshm.structures.internal.ring.Patience;
import dev.rszshm.structures.internal.ring.Patience.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.UnbufferedSender;
import dev.rszshm.structures.internal.ring.Wait;
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
  private final UnbufferedSender handOver;
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
        spec.isStream() && !spec.isAcknowledged()
            ? new PartSender(ring, offset, patience, new PartReceiver(ring, offset))
            : null;
    this.handOver =
        spec.isUnbuffered()
            ? new UnbufferedSender(ring, patience, receivers, waiting, this::pushAt)
            : null;
    this.receivers = receivers;
  }

  /** Throws if no message of this channel can have a length. */
  void requireLength(long length) {
    ChannelSpec.Width width = spec.width();
    boolean good =
        switch (width.kind()) {
          case STREAM -> !spec.isAcknowledged() || length <= longest;
          case VARIABLE -> length <= width.bytes();
          case EMPTY, FIXED -> length == width.bytes();
        };
    boolean fixed =
        width.kind() == ChannelSpec.Kind.FIXED || width.kind() == ChannelSpec.Kind.EMPTY;
    if (!good) {
      throw new MessageLengthException(
          "found a message of "
              + length
              + " bytes, expected "
              + (fixed ? "" : "at most ")
              + longest
              + ", in "
              + ring
              + " ("
              + spec
              + ")");
    }
  }

  /** Sends if that can be done now. */
  Outcome trySend(MessageSource source) {
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
      return ring.isShutdown() ? Outcome.SHUTDOWN : Outcome.NOT_YET;
    }
    return Wait.withoutWaiting(heap, wait -> sendParts(source, wait));
  }

  /** Sends when that can be done. */
  Outcome send(MessageSource source, Wait wait) throws InterruptedException {
    if (handOver != null) {
      return handOver.handOver(source, wait);
    }
    if (source.length() > longest) {
      return sendParts(source, wait);
    }
    Outcome outcome = push(source);
    return outcome == Outcome.DONE
        ? outcome
        : patience.await(ring.notFull, () -> push(source), wait, receivers);
  }

  private Outcome sendParts(MessageSource source, Wait wait) throws InterruptedException {
    try {
      return parts.send(source, wait, receivers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends what a stream has. */
  Outcome sendFrom(MessageSource source, Wait wait) throws InterruptedException, IOException {
    if (source.length() > longest) {
      return parts.send(source, wait, receivers);
    }
    int length = (int) source.length();
    byte[] bytes = source.prepare(null, length);
    return send(MessageSource.array(heap, bytes, 0, length), wait);
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
      MessageSource source = MessageSource.array(heap, message, 0, message.length);
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
  Outcome awaitClaim(int length, long[] where, Wait wait) throws InterruptedException {
    return patience.await(ring.notFull, () -> claim(length, where), wait, receivers);
  }

  private Outcome claim(int length, long[] where) {
    where[0] = claim(length);
    return where[0] > 0
        ? Outcome.DONE
        : where[0] == Ring.SHUTDOWN ? Outcome.SHUTDOWN : Outcome.NOT_YET;
  }

  private long claim(int length) {
    ring.enter();
    long position = ring.claim(length);
    return position == Ring.NONE && parts != null && parts.dropDebris()
        ? ring.claim(length)
        : position;
  }

  private Outcome push(MessageSource source) {
    long position = claim((int) source.length());
    if (position <= 0) {
      return position == Ring.SHUTDOWN ? Outcome.SHUTDOWN : Outcome.NOT_YET;
    }
    if (fillSurely(source, position)) {
      ring.notEmpty.signalOne();
    }
    return Outcome.DONE;
  }

  private Outcome pushAt(MessageSource source, long[] where) {
    Outcome outcome = claim((int) source.length(), where);
    if (outcome == Outcome.DONE) {
      if (fillSurely(source, where[0])) {
        ring.notEmpty.signalOne();
      }
    }
    return outcome;
  }

  private void fill(MessageSource source, long position) {
    int length = (int) source.length();
    if (length > 0) {
      source.copy(null, 0, ring.payload(position), length);
    }
    ring.commit(position, Header.MESSAGE, length);
  }

  /** Fills what was claimed; whatever is thrown gives the claim up. */
  private boolean fillSurely(MessageSource source, long position) {
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
