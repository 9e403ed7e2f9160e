package dev.rszshm.tests.structures;

import dev.rszshm.heap.Heap;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what is in a channel, changing nothing, from the description of the layout alone. */
final class RingReader {
  private static final int CLAIMED = 1;
  private static final int MESSAGE = 2;
  private static final int PART = 3;
  private static final int PADDING = 4;
  private static final int CLOSED = 5;
  private static final int TAKEN = 6;
  private static final long LAP = (1L << 33) - 1;

  private final Heap heap;
  private final long channel;
  private final int bits;
  private final long granules;
  private final long headerStride;
  private final long payloadStride;
  private final Map<Long, ByteArrayOutputStream> parts = new HashMap<>();

  RingReader(Heap heap, long channel) {
    this.heap = heap;
    this.channel = channel;
    this.bits = heap.getInt(channel + 20);
    this.granules = heap.getLong(channel + 24);
    this.payloadStride = heap.getLong(channel + 32);
    this.headerStride = heap.getLong(channel + 40);
  }

  /** The messages that are sent and not received; of those in parts the ones that are all there. */
  List<byte[]> messages() {
    List<byte[]> messages = new ArrayList<>();
    long position = heap.getLong(channel + 256);
    while (true) {
      long index = position & ((1L << bits) - 1);
      long lap = position >>> bits;
      long header = heap.getLong(channel + heap.getLong(channel + 48) + index * headerStride);
      int state = (int) (header >>> 61);
      long run;
      if (state == CLAIMED && (header >>> 24 & 0x7f) == (lap & 0x7f)) {
        run = header & 0xffffff;
      } else if (state <= CLAIMED || state == CLOSED || (header >>> 28 & LAP) != (lap & LAP)) {
        return messages;
      } else {
        int length = (int) (header & 0xfffffff);
        run = state == PADDING ? length : state == TAKEN ? length & 0x3fffff : granulesFor(length);
        long payload = channel + heap.getLong(channel + 56) + index * payloadStride;
        if (state == MESSAGE) {
          messages.add(length == 0 ? new byte[0] : heap.getBytes(payload, length));
        } else if (state == PART) {
          addPart(payload, messages);
        }
      }
      position = index + run == granules ? (lap + 1) << bits : position + run;
    }
  }

  /** The messages that were received and not acknowledged. */
  List<byte[]> taken() {
    List<byte[]> messages = new ArrayList<>();
    for (int pin = 0; pin < 64; pin++) {
      long word = heap.getLong(channel + 512 + 16 * pin);
      long position = heap.getLong(channel + 512 + 16 * pin + 8);
      long index = position & ((1L << bits) - 1);
      if (position <= 0 || index >= granules) {
        continue;
      }
      long header = heap.getLong(channel + heap.getLong(channel + 48) + index * headerStride);
      boolean inLap = (header >>> 28 & LAP) == (position >>> bits & LAP);
      if (header >>> 61 == TAKEN && inLap && (header >>> 22 & 0x3f) == pin) {
        long payload = channel + heap.getLong(channel + 56) + index * payloadStride;
        messages.add(heap.getBytes(payload, (int) (word >>> 30) & 0xfffffff));
      }
    }
    return messages;
  }

  private void addPart(long part, List<byte[]> messages) {
    long identity = heap.getLong(part);
    ByteArrayOutputStream begun = parts.computeIfAbsent(identity, i -> new ByteArrayOutputStream());
    begun.writeBytes(heap.getBytes(part + 24, heap.getInt(part + 20)));
    if (begun.size() == heap.getLong(part + 8)) {
      messages.add(begun.toByteArray());
    }
  }

  private long granulesFor(int length) {
    return headerStride == payloadStride ? 1 : Math.max(1, (length + 63) / 64);
  }
}
