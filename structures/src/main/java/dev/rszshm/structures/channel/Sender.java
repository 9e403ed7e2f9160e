package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.Header;
import dev.rszshm.structures.internal.ring.MessageSource;
import dev.rszshm.structures.internal.ring.OtherEnd;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.PartReceiver;
import dev.rszshm.structures.internal.ring.PartSender;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingClaims.Wake;
import dev.rszshm.structures.internal.ring.RingWaiting;
import dev.rszshm.structures.internal.ring.UnbufferedSender;
import dev.rszshm.sync.internal.ParticipantCounts;
import dev.rszshm.sync.internal.WaitMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sending end: decides in which way a message goes. */
final class Sender {
  private final Ring ring;
  private final Heap heap;
  private final ChannelSpec spec;
  private final int longest;
  private final @Nullable PartSender parts;
  private final @Nullable UnbufferedSender handOver;
  private final OtherEnd receivers;

  Sender(Ring ring, long offset, ChannelSpec spec, OtherEnd receivers, ParticipantCounts waiting) {
    this.ring = ring;
    this.heap = ring.heap;
    this.spec = spec;
    this.longest = ring.geometry.longest();
    this.parts =
        spec.isStream() && !spec.isAcknowledged()
            ? new PartSender(ring, offset, new PartReceiver(ring, offset))
            : null;
    this.handOver =
        spec.isUnbuffered() ? new UnbufferedSender(ring, receivers, waiting, this::pushAt) : null;
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
              + "): "
              + (fixed
                  ? "send as many as that"
                  : "send less, or make a channel of more width, or a stream"));
    }
  }

  /** Sends if there is one sender, and nothing to wait for, to find or to refuse. */
  boolean sendAtOnce(byte[] message) {
    return handOver == null && ring.sendAtOnce(message);
  }

  /** Sends if that can be done now. */
  Outcome trySend(MessageSource source) {
    if (handOver != null) {
      return handOver.tryHandOver(source);
    }
    if (source.length() <= longest) {
      return push(source);
    }
    PartSender inParts = inParts();
    long granules = inParts.granulesFor(source.length());
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
    inParts.dropDebris();
    if (granules > ring.claims.room()) {
      return ring.isShutdown() ? Outcome.SHUTDOWN : Outcome.NOT_YET;
    }
    return sendParts(source, WaitMode.NOW);
  }

  /** Sends when that can be done. */
  Outcome send(MessageSource source, WaitMode mode) {
    if (handOver != null) {
      return handOver.handOver(source, mode);
    }
    if (source.length() > longest) {
      return sendParts(source, mode);
    }
    Outcome outcome = push(source);
    return outcome == Outcome.DONE
        ? outcome
        : RingWaiting.await(heap, ring.notFull, () -> push(source), mode, receivers);
  }

  /** What sends messages in parts: {@link #requireLength} lets no long one come to others. */
  private PartSender inParts() {
    return Objects.requireNonNull(parts);
  }

  private Outcome sendParts(MessageSource source, WaitMode mode) {
    try {
      return inParts().send(source, mode, receivers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends what a stream has. */
  Outcome sendFrom(MessageSource source, WaitMode mode) throws IOException {
    if (source.length() > longest) {
      return inParts().send(source, mode, receivers);
    }
    int length = (int) source.length();
    byte[] bytes = source.prepare(new byte[length], length);
    return send(MessageSource.array(ring, bytes, 0, length), mode);
  }

  /**
   * Sends as many as there is room for, from an index on, and wakes receivers once.
   *
   * @return how many
   */
  int pushAll(List<byte[]> messages, int from) {
    int sent = 0;
    for (; from + sent < messages.size(); sent++) {
      byte[] message = messages.get(from + sent);
      MessageSource source = MessageSource.array(ring, message, 0, message.length);
      if (message.length > longest || put(source, Wake.NOBODY) <= 0) {
        break;
      }
    }
    if (sent > 0) {
      ring.claims.wakeAll();
    }
    return sent;
  }

  /** Claims room for a message, when there is some. */
  Outcome claim(Claim claim, WaitMode mode) {
    return RingWaiting.await(heap, ring.notFull, () -> tryClaim(claim), mode, receivers);
  }

  private Outcome tryClaim(Claim claim) {
    ring.enter();
    int length = claim.length();
    claim.position = ring.claims.claim(length);
    if (claim.position == Ring.NONE && parts != null && parts.dropDebris()) {
      claim.position = ring.claims.claim(length);
    }
    if (claim.position > 0) {
      ring.claims.hold(claim.position, length);
    }
    return Outcome.of(claim.position);
  }

  /** Sends a message in one piece, if there is room; returns what the claims of the ring return. */
  private long put(MessageSource source, Wake wake) {
    int length = (int) source.length();
    if (parts != null) {
      return parts.put(length, Header.MESSAGE, source, wake);
    }
    ring.enter();
    return ring.claims.send(length, Header.MESSAGE, source, wake);
  }

  private Outcome push(MessageSource source) {
    return Outcome.of(put(source, Wake.ONE));
  }

  private Outcome pushAt(MessageSource source, long[] where) {
    where[0] = put(source, Wake.ONE);
    return Outcome.of(where[0]);
  }
}
