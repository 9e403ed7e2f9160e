package dev.rszshm.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * One way from one process to another for messages of one length. A JVM of the benchmark uses one
 * kind only, so the compiler knows which. One thread sends, and one receives.
 */
abstract class MessageLink {
  /** Bytes that a link has in the area of the members. */
  static final int LENGTH = 1 << 23;

  /** Bytes of messages that are under way, at most, where that can be chosen. */
  static final int CAPACITY = 1 << 20;

  /** The same for {@link #sendRange}. */
  static final int BULK_CAPACITY = 1 << 22;

  static final String SLOTS = "Channel, slots";
  static final String SLOTS_SPINNING = "Channel, slots, spinning";
  static final String STREAM = "Channel, stream";
  static final String STREAM_SPINNING = "Channel, stream, spinning";
  static final String SINGLE = "Channel, one to one";
  static final String SINGLE_SPINNING = "Channel, one to one, spinning";
  static final String SINGLE_STREAM_SPINNING = "Channel, stream, one to one, spinning";
  static final String SLOTS_IN_PLACE = "Channel, slots, in place, spinning";
  static final String STREAM_IN_PLACE = "Channel, stream, in place, spinning";
  static final String SINGLE_IN_PLACE = "Channel, one to one, in place, spinning";
  static final String QUEUE = "SharedQueue";
  static final String QUEUE_SPINNING = "SharedQueue, spinning";
  static final String AGRONA_ONE_TO_ONE = "Agrona one-to-one";
  static final String AGRONA_MANY_TO_ONE = "Agrona many-to-one";
  static final String PIPE = "pipe, JVMs";

  /**
   * Finds one of the kinds that are named here.
   *
   * @param index of the link among those of the members
   * @param capacity in bytes, a power of two
   * @param length of each message, a multiple of 8
   */
  static MessageLink of(String kind, LapMember member, int index, int capacity, int length)
      throws Exception {
    return switch (kind) {
      case AGRONA_ONE_TO_ONE, AGRONA_MANY_TO_ONE ->
          new AgronaLink(kind.equals(AGRONA_ONE_TO_ONE), member, index, capacity, length);
      case SLOTS,
          SLOTS_SPINNING,
          STREAM,
          STREAM_SPINNING,
          SINGLE,
          SINGLE_SPINNING,
          SINGLE_STREAM_SPINNING,
          SLOTS_IN_PLACE,
          STREAM_IN_PLACE,
          SINGLE_IN_PLACE ->
          new ChannelLink(
              kind.startsWith(STREAM),
              kind.contains("one to one"),
              kind.endsWith("spinning"),
              kind.contains("in place"),
              member,
              index,
              capacity,
              length);
      case QUEUE, QUEUE_SPINNING ->
          new QueueLink(kind.equals(QUEUE_SPINNING), member, index, capacity, length);
      case PIPE -> new PipeLink(member, index, length);
      default -> throw new IllegalArgumentException("unknown kind of link " + kind);
    };
  }

  /** Flags that a JVM needs for a kind. */
  static List<String> flags(String kind) {
    return kind.startsWith("Agrona")
        ? List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
        : List.of();
  }

  /** Sends the message of that number; waits while there is no room. */
  abstract void send(long number) throws IOException, InterruptedException;

  /** Receives at least one message; waits while there is none. Returns how many. */
  abstract int receive(MessageCheck check) throws IOException, InterruptedException;

  /** Sends bytes of the heap, in parts of any length. */
  void sendRange(long offset, long length) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("this kind is not measured with bulk");
  }

  /** Receives what {@link #sendRange} sends with the same length. */
  void receiveRange(long offset, long length) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("this kind is not measured with bulk");
  }
}
