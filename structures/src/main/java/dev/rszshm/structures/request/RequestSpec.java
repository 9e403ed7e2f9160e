package dev.rszshm.structures.request;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.internal.ring.Header;

/**
 * The kind of a request channel.
 *
 * <pre>{@code
 * RequestSpec.of(64, 8)                       // requests of up to 64 bytes, replies of up to 8
 * RequestSpec.of(64, 8).depth(1000).calls(16)
 * }</pre>
 *
 * @param maxRequestLength length of the longest request, 0 to 268,435,447 bytes
 * @param maxReplyLength length of the longest reply, 0 to 268,435,455 bytes
 * @param depth how many requests can be sent that no server has received yet, 1 or more
 * @param calls how many calls of all clients can be under way at a time, 1 to 65,536; others wait
 */
public record RequestSpec(int maxRequestLength, int maxReplyLength, int depth, int calls) {
  /** How many requests can be sent that no server has received yet, unless another is named. */
  public static final int DEFAULT_DEPTH = 64;

  /** How many calls can be under way at a time, unless another number is named. */
  public static final int DEFAULT_CALLS = 64;

  private static final int MAX_CALLS = 1 << 16;
  private static final int MAX_REQUEST_LENGTH = Header.MAX_LENGTH - RequestLayout.MESSAGE_REQUEST;

  /** Checks the numbers. */
  public RequestSpec {
    require("longest request", maxRequestLength, 0, MAX_REQUEST_LENGTH);
    require("longest reply", maxReplyLength, 0, Header.MAX_LENGTH);
    require("depth", depth, 1, ChannelSpec.MAX_DEPTH);
    require("number of calls", calls, 1, MAX_CALLS);
  }

  private static void require(String what, int found, int min, int max) {
    if (found < min || found > max) {
      throw new IllegalArgumentException(
          "found a " + what + " of " + found + ", expected " + min + " to " + max);
    }
  }

  /**
   * Returns a request channel for messages of up to these lengths, with {@link #DEFAULT_DEPTH} and
   * {@link #DEFAULT_CALLS}.
   */
  public static RequestSpec of(int maxRequestLength, int maxReplyLength) {
    return new RequestSpec(maxRequestLength, maxReplyLength, DEFAULT_DEPTH, DEFAULT_CALLS);
  }

  /** Returns the same with another number of requests that can wait for a server. */
  public RequestSpec depth(int requests) {
    return new RequestSpec(maxRequestLength, maxReplyLength, requests, calls);
  }

  /** Returns the same with another number of calls that can be under way. */
  public RequestSpec calls(int most) {
    return new RequestSpec(maxRequestLength, maxReplyLength, depth, most);
  }

  /** Returns the channel that requests go through. */
  ChannelSpec requests() {
    return ChannelSpec.of(
        depth, ChannelSpec.Width.variable(maxRequestLength + RequestLayout.MESSAGE_REQUEST));
  }

  /** Returns the bytes that a request channel of this kind takes in a heap. */
  public long length(Heap heap) {
    return RequestLayout.ring(calls, maxReplyLength) + requests().length(heap);
  }

  @Override
  public String toString() {
    return "depth "
        + depth
        + ", requests of at most "
        + maxRequestLength
        + " bytes, replies of at most "
        + maxReplyLength
        + ", "
        + calls
        + " calls at a time";
  }
}
