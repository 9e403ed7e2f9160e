package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.ring.Header;
import dev.rszshm.structures.internal.ring.RingGeometry;
import dev.rszshm.structures.internal.ring.RingLayout;
import java.util.Locale;

/**
 * The kind of a channel: how many messages it holds, and how long they are.
 *
 * <pre>{@code
 * ChannelSpec.of(0, Width.fixed(8))         // each message is handed from sender to receiver
 * ChannelSpec.of(1, Width.empty())          // a signal that is kept until it is taken
 * ChannelSpec.of(1000, Width.variable(200)) // a queue
 * ChannelSpec.stream(4 << 20)               // messages of any length, through 4 MiB
 * ChannelSpec.of(1000, Width.variable(200)).acknowledged() // jobs, each done by a living process
 * ChannelSpec.of(1000, Width.fixed(32)).singleSender().singleReceiver() // the fastest: one to one
 * }</pre>
 *
 * @param depth how many messages can be sent that are not received yet; 0: a sender waits until its
 *     message is received; of a stream, the bytes of room
 * @param width of the messages
 * @param isAcknowledged whether receivers acknowledge messages, see {@link #acknowledged}
 * @param isSingleSender whether there is one sender at a time, see {@link #singleSender}
 * @param isSingleReceiver whether there is one receiver at a time, see {@link #singleReceiver}
 */
public record ChannelSpec(
    int depth,
    Width width,
    boolean isAcknowledged,
    boolean isSingleSender,
    boolean isSingleReceiver) {
  /** Which lengths messages have. */
  public enum Kind {
    /** No content: a message is a signal. */
    EMPTY,
    /** All messages have the same length. */
    FIXED,
    /** Messages have from 0 bytes to a maximum. */
    VARIABLE,
    /** Messages have any length. */
    STREAM
  }

  /**
   * The lengths of the messages of a channel.
   *
   * @param kind what lengths
   * @param bytes the length, or the maximum; 0 if there is none
   */
  public record Width(Kind kind, int bytes) {
    /** Checks the number. */
    public Width {
      boolean good =
          switch (kind) {
            case EMPTY, STREAM -> bytes == 0;
            case FIXED, VARIABLE -> bytes >= 1 && bytes <= Header.MAX_LENGTH;
          };
      if (!good) {
        throw new IllegalArgumentException(
            "found a width of "
                + bytes
                + " bytes, expected 1 to "
                + Header.MAX_LENGTH
                + ": for messages without content use empty(), for longer ones a stream");
      }
    }

    /** Returns the width of messages without content. */
    public static Width empty() {
      return new Width(Kind.EMPTY, 0);
    }

    /** Returns the width of messages of one length, from 1 to 268,435,455 bytes. */
    public static Width fixed(int bytes) {
      return new Width(Kind.FIXED, bytes);
    }

    /** Returns the width of messages of 0 bytes up to a length, from 1 to 268,435,455 bytes. */
    public static Width variable(int bytes) {
      return new Width(Kind.VARIABLE, bytes);
    }
  }

  /** The smallest room of a stream in bytes. */
  public static final int MIN_STREAM_LENGTH = 1024;

  /** The largest room of a stream in bytes, and the largest depth of another channel. */
  public static final int MAX_DEPTH = 1 << 30;

  /** Checks the depth. */
  public ChannelSpec {
    boolean stream = width.kind == Kind.STREAM;
    if (depth < (stream ? MIN_STREAM_LENGTH : 0) || depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          stream
              ? String.format(
                  Locale.ROOT,
                  "found %d bytes of room for a stream, expected %d to %d",
                  depth,
                  MIN_STREAM_LENGTH,
                  MAX_DEPTH)
              : String.format(
                  Locale.ROOT, "found a depth of %d messages, expected 0 to %d", depth, MAX_DEPTH));
    }
    if (isAcknowledged && depth == 0) {
      throw new IllegalArgumentException(
          "found a depth of 0, expected 1 or more: a channel keeps messages until they are"
              + " acknowledged");
    }
  }

  /**
   * Returns a channel that holds a number of messages.
   *
   * @param depth 0: unbuffered, a sender waits until its message is received; 1: sender and
   *     receiver take turns; up to 1,073,741,824
   */
  public static ChannelSpec of(int depth, Width width) {
    if (width.kind == Kind.STREAM) {
      throw new IllegalArgumentException("a stream has room, no depth: use ChannelSpec.stream");
    }
    return new ChannelSpec(depth, width, false, false, false);
  }

  /**
   * Returns a channel for messages of any length. Short ones take their length and 8 bytes, in
   * multiples of 64; those that are longer than an eighth of the room go in parts, while they are
   * received.
   *
   * @param room bytes, 1,024 to 1,073,741,824; rounded up to a multiple of 64
   */
  public static ChannelSpec stream(int room) {
    return new ChannelSpec(
        Math.max(room, room + (-room & RingLayout.STREAM_GRANULE - 1)),
        new Width(Kind.STREAM, 0),
        false,
        false,
        false);
  }

  /**
   * Returns the same, but receivers acknowledge messages: {@link Channel#take} a message, work, and
   * call {@link Message#done}. If the receiver dies before that, or closes the message without it,
   * the message is given to a receiver again. Other receiving methods acknowledge at once.
   *
   * <p>So each message is processed at least once, and twice only if a receiver dies between what
   * it does and {@code done}. A message that is given again comes before all that were never given
   * to anybody, the oldest first; behind those that other receivers have at that moment. 64
   * messages can be in the hands of receivers at a time; others wait. In a stream no message can be
   * longer than an eighth of the room, or 128 KiB.
   */
  public ChannelSpec acknowledged() {
    return new ChannelSpec(depth, width, true, isSingleSender, isSingleReceiver);
  }

  /**
   * Returns the same with a single sender, which makes a send cheaper: it takes no atomic
   * operation. The first thread that sends has the sending end; another one, of any process, gets
   * an {@link dev.rszshm.structures.channel.errors.EndTakenException}, until the first has called
   * {@link Channel#leave}, or its process has ended or closed the heap. If only the thread has
   * ended, another thread of the same process has the end when it sends, or gives it up with {@code
   * leave}. The next sender goes on where that one stopped; what was being sent by one that was
   * killed is sent or not. A standby waits as that of a {@linkplain #singleReceiver single
   * receiver} does.
   *
   * <p>{@link Channel#shutdown} takes about 10 ms then.
   */
  public ChannelSpec singleSender() {
    return new ChannelSpec(depth, width, isAcknowledged, true, isSingleReceiver);
  }

  /**
   * Returns the same with a single receiver, which makes a receipt cheaper: it takes no atomic
   * operation, unless the channel has no buffer or is {@link #acknowledged}. The first thread that
   * receives, or waits for a message in a {@link Selector}, has the receiving end; another one, of
   * any process, gets an {@link dev.rszshm.structures.channel.errors.EndTakenException}, until the
   * first has called {@link Channel#leave}, or its process has ended or closed the heap. If only
   * the thread has ended, another thread of the same process has the end when it receives, or gives
   * it up with {@code leave}. The next receiver goes on where that one stopped; a message that was
   * being received by one that was killed is still there, or it was received.
   *
   * <p>A standby, which takes over when the receiver has ended, calls again after a pause:
   *
   * <pre>{@code
   * byte[] message;
   * while (true) {
   *   try {
   *     message = channel.receive();
   *     break; // from now on this thread has the end
   *   } catch (EndTakenException stillThere) {
   *     Thread.sleep(100);
   *   }
   * }
   * }</pre>
   *
   * <p>{@link Channel#receive()} throws at once while another one has the end: it waits for
   * messages, and not for that.
   *
   * <p>Senders who wait for room are woken when an eighth of the room is free, or all of it; they
   * find less within 50 ms. Room that a sender has given up is free when the receiver comes by.
   */
  public ChannelSpec singleReceiver() {
    return new ChannelSpec(depth, width, isAcknowledged, isSingleSender, true);
  }

  /** Returns whether this is a stream. */
  public boolean isStream() {
    return width.kind == Kind.STREAM;
  }

  /** Returns whether a sender waits until its message is received. */
  public boolean isUnbuffered() {
    return depth == 0;
  }

  /** Returns the bytes that a channel of this kind takes in a heap. */
  public long length(Heap heap) {
    return RingGeometry.of(this, heap.participantSlots()).bytes();
  }

  @Override
  public String toString() {
    String kind =
        switch (width.kind) {
          case EMPTY -> "depth " + depth + ", empty";
          case FIXED -> "depth " + depth + ", fixed width " + width.bytes;
          case VARIABLE -> "depth " + depth + ", variable width " + width.bytes;
          case STREAM -> "stream with room for " + depth + " bytes";
        };
    return kind
        + (isAcknowledged ? ", acknowledged" : "")
        + (isSingleSender ? ", single sender" : "")
        + (isSingleReceiver ? ", single receiver" : "");
  }
}
