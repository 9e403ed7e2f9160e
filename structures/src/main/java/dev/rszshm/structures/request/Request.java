package dev.rszshm.structures.request;

import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.Ring;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A request that a server has received: {@link RequestChannel#receive()} makes one. Answer it once,
 * in any thread, and in any order with others.
 *
 * <p>Closing one that was not answered tells the client so. If the process dies, the client learns
 * that within 100 ms.
 */
public final class Request implements AutoCloseable {
  private final RequestChannel channel;
  private final Ring ring;
  private final ReplySlots slots;
  private final ReplySlots.Call call;
  private final byte[] bytes;
  private final AtomicBoolean answered = new AtomicBoolean();

  Request(RequestChannel channel, Ring ring, ReplySlots slots, ReplySlots.Call call, byte[] bytes) {
    this.channel = channel;
    this.ring = ring;
    this.slots = slots;
    this.call = call;
    this.bytes = bytes;
  }

  /** Returns the bytes of the request; the array belongs to the caller. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns whether the client still waits: if not, no reply is needed. */
  public boolean isWanted() {
    ring.enter();
    return !answered.get() && slots.isWanted(call);
  }

  /**
   * Answers the request.
   *
   * @return false if the client had given up, and the reply is dropped; that a client was killed
   *     may not be noticed
   * @throws MessageLengthException if the reply is longer than {@link RequestSpec#maxReplyLength};
   *     the request can still be answered
   * @throws IllegalStateException if it was answered before, or the heap is closed
   */
  public boolean reply(byte[] reply) {
    int longest = channel.spec().maxReplyLength();
    if (reply.length > longest) {
      throw new MessageLengthException(
          "found a reply of "
              + reply.length
              + " bytes, expected at most "
              + longest
              + ", in "
              + channel
              + ": reply with less and let the client ask for the rest, or make the channel with a"
              + " greater maxReplyLength");
    }
    return answer(RequestLayout.REPLIED, reply);
  }

  /**
   * Tells the client that there is no reply, and why: its call throws a {@link
   * dev.rszshm.structures.channel.errors.RequestFailedException}.
   *
   * @param message cut off after {@link RequestSpec#maxReplyLength} bytes in UTF-8
   * @return false if the client had given up
   * @throws IllegalStateException if it was answered before, or the heap is closed
   */
  public boolean fail(String message) {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, channel.spec().maxReplyLength());
    while (length > 0 && length < text.length && (text[length] & 0xc0) == 0x80) {
      length--; // not in the middle of a character
    }
    return answer(RequestLayout.FAILED, Arrays.copyOf(text, length));
  }

  private boolean answer(int state, byte[] answer) {
    ring.enter();
    if (answered.getAndSet(true)) {
      throw new IllegalStateException("this request was answered before");
    }
    try {
      return slots.answer(call, state, answer);
    } catch (Throwable thrown) {
      answered.set(false); // so that close tells the client, who still waits
      throw thrown;
    }
  }

  /** Tells the client that there will be no reply, unless the request was answered. */
  @Override
  public void close() {
    if (!answered.get() && ring.heap.isOpen()) {
      fail("the server has dropped the request");
    }
  }
}
