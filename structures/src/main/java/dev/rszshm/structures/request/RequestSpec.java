package dev.rszshm.structures.request;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.internal.ring.Header;

/**
 * Of which kind a request channel is.
 *
 * @param depth how many requests can be sent that no server has taken yet, 1 or more
 * @param longestRequest in bytes, 0 to 268,435,447
 * @param longestReply in bytes, 0 to 268,435,455
 * @param calls how many calls of all clients can be under way at a time, 1 to 65,536; more wait
 */
public record RequestSpec(int depth, int longestRequest, int longestReply, int calls) {
  private static final int MOST_CALLS = 1 << 16;

  private static final int LONGEST_REQUEST = Header.MAX_LENGTH - RequestLayout.MESSAGE_REQUEST;

  /** Checks the numbers. */
  public RequestSpec {
    require("longest request", longestRequest, 0, LONGEST_REQUEST);
    require("longest reply", longestReply, 0, Header.MAX_LENGTH);
    require("number of calls", calls, 1, MOST_CALLS);
    require("depth", depth, 1, ChannelSpec.GREATEST_DEPTH);
  }

  private static void require(String what, int found, int least, int most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "found a " + what + " of " + found + ", expected " + least + " to " + most);
    }
  }

  /** The channel that requests go through. */
  ChannelSpec requests() {
    return ChannelSpec.of(
        depth, ChannelSpec.Width.variable(longestRequest + RequestLayout.MESSAGE_REQUEST));
  }

  /** The bytes that a request channel of this kind takes in a heap. */
  public long bytes(Heap heap) {
    return RequestLayout.ring(calls, longestReply) + requests().bytes(heap);
  }

  @Override
  public String toString() {
    return "depth "
        + depth
        + ", requests of at most "
        + longestRequest
        + " bytes, replies of at most "
        + longestReply
        + ", "
        + calls
        + " calls at a time";
  }
}
