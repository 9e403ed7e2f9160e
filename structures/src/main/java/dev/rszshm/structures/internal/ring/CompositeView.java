package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import java.util.Locale;

/** Finds the channel inside something ({@link CompositeHeader}), for those who only look. */
public final class CompositeView {
  private CompositeView() {}

  /**
   * Returns the offset of the channel that is inside what is at an offset.
   *
   * @param expected the magic with which it begins
   * @throws NotAChannelException if there is none, or its place cannot be
   */
  public static long channel(Heap heap, long offset, long expected) {
    long magic = heap.getLongAcquire(offset + CompositeHeader.MAGIC);
    long channel = heap.getLong(offset + CompositeHeader.CHANNEL);
    long bytes = heap.getLong(offset + CompositeHeader.BYTES);
    boolean possible =
        magic == expected
            && heap.getInt(offset + CompositeHeader.VERSION) != 0
            && channel > 0
            && channel % RingLayout.ALIGNMENT == 0
            && bytes > channel
            && bytes <= heap.length() - offset;
    if (possible) {
      ChannelSpec spec = RingCreation.look(heap, offset + channel);
      possible = spec.length(heap) == bytes - channel;
    }
    if (!possible) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAChannelException(
          String.format(
              Locale.ROOT,
              "at offset %d of %s is nothing that has a channel inside: found magic 0x%x, %d bytes,"
                  + " and a channel at %d",
              offset,
              heap.path(),
              magic,
              bytes,
              channel));
    }
    return offset + channel;
  }
}
