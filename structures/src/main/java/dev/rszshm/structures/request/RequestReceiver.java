package dev.rszshm.structures.request;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.request.ReplySlots.Call;
import org.jspecify.annotations.Nullable;

/**
 * The servers' side of a request channel: receives requests; {@link ReplySlots} has the protocol.
 */
final class RequestReceiver {
  private final RequestChannel channel;
  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final ReplySlots slots;

  RequestReceiver(RequestChannel channel, Ring ring, ReplySlots slots) {
    this.channel = channel;
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = RawAccess.of(heap, RequestReceiver.class);
    this.slots = slots;
  }

  /** Says whether there is a request, which its client may have given up. */
  Outcome look() {
    long position = ring.head();
    while (position > 0) {
      long header = ring.header(position);
      if (!ring.isMessage(position, header)) {
        position = ring.pass(position, header);
      } else if (ring.head() == position) {
        return Outcome.DONE;
      } else {
        position = ring.head();
      }
    }
    return Outcome.of(position);
  }

  Outcome receive(@Nullable Request[] received) {
    ring.enter();
    long position = ring.head();
    while (position > 0) {
      long header = ring.header(position);
      if (!ring.isMessage(position, header)) {
        position = ring.pass(position, header);
        continue;
      }
      received[0] = accept(position, header);
      ring.consume(position, header);
      if (received[0] != null) {
        return Outcome.DONE;
      }
      position = ring.head();
    }
    return Outcome.of(position);
  }

  /** The request at the head, if this process gets it; otherwise null. */
  private @Nullable Request accept(long position, long header) {
    long payload = ring.payload(position);
    int length = ring.length(position, header) - RequestLayout.MESSAGE_REQUEST;
    Call call =
        new Call(
            memory.getInt(payload + RequestLayout.MESSAGE_SLOT),
            memory.getInt(payload + RequestLayout.MESSAGE_NUMBER));
    byte[] bytes = new byte[Math.max(0, length)];
    memory.copyOut(payload + RequestLayout.MESSAGE_REQUEST, bytes, 0, bytes.length);
    memory.acquireFence();
    if (ring.head() != position) {
      return null;
    }
    if (length < 0 || call.slot < 0 || call.slot >= slots.size()) {
      ring.consume(position, header);
      heap.requireOpen(); // or what was read is nothing
      throw new DamagedChannelException(
          "found a request of "
              + length
              + " bytes for reply slot "
              + call.slot
              + " in "
              + channel
              + ", expected a slot below "
              + slots.size()
              + ". It is dropped");
    }
    return slots.accept(call) ? new Request(channel, ring, slots, call, bytes) : null;
  }
}
