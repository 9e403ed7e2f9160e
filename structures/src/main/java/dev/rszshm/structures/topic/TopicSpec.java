package dev.rszshm.structures.topic;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec;

/**
 * The kind of a topic.
 *
 * <pre>{@code
 * TopicSpec.of(1000, Width.variable(200))        // publishers wait for the slowest subscriber
 * TopicSpec.stream(1 << 20).overwriting()        // publishers never wait; slow subscribers miss some
 * }</pre>
 *
 * @param messages how many messages it keeps, and how long they are
 * @param subscribers how many there can be at a time, 1 to 65,536
 * @param isOverwriting whether the oldest message makes room for a new one that has none
 */
public record TopicSpec(ChannelSpec messages, int subscribers, boolean isOverwriting) {
  /** How many subscribers there can be, unless another number is named. */
  public static final int DEFAULT_SUBSCRIBERS = 64;

  private static final int MAX_SUBSCRIBERS = 1 << 16;

  /** Checks the numbers. */
  public TopicSpec {
    if (messages.isUnbuffered()) {
      throw new IllegalArgumentException(
          "found a depth of 0, expected 1 or more: a topic keeps messages for its subscribers");
    }
    if (subscribers < 1 || subscribers > MAX_SUBSCRIBERS) {
      throw new IllegalArgumentException(
          "found " + subscribers + " subscribers, expected 1 to " + MAX_SUBSCRIBERS);
    }
  }

  /**
   * Returns a topic that keeps up to a number of messages, and in which publishers wait for room.
   */
  public static TopicSpec of(int depth, ChannelSpec.Width width) {
    return new TopicSpec(ChannelSpec.of(depth, width), DEFAULT_SUBSCRIBERS, false);
  }

  /**
   * Returns a topic that keeps messages of any length up to an eighth of the room, or 128 KiB, and
   * in which publishers wait for room.
   *
   * @param room bytes, as {@link ChannelSpec#stream}
   */
  public static TopicSpec stream(int room) {
    return new TopicSpec(ChannelSpec.stream(room), DEFAULT_SUBSCRIBERS, false);
  }

  /** Returns the same with another number of subscribers that there can be. */
  public TopicSpec subscribers(int most) {
    return new TopicSpec(messages, most, isOverwriting);
  }

  /**
   * Returns the same, but publishers do not wait; a slow subscriber misses messages, and is told.
   */
  public TopicSpec overwriting() {
    return new TopicSpec(messages, subscribers, true);
  }

  /** Returns the bytes that a topic of this kind takes in a heap. */
  public long length(Heap heap) {
    return TopicLayout.ring(subscribers) + messages.length(heap);
  }

  @Override
  public String toString() {
    return messages + ", " + subscribers + " subscribers" + (isOverwriting ? ", overwriting" : "");
  }
}
