package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import java.util.Locale;

/*
 * How something that has a channel inside comes to be in a heap.
 *
 * Layout
 * ------
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic, which says what it is; written last
 *      8    8 options, not 0
 *     16    4 version
 *     24    8 offset of the channel
 *     32    8 bytes of it all: the channel is the last of it
 *
 * Protocol
 * --------
 * 1 options: from 0, by compare-and-set. If they are there, they must be the same;
 * 2 make the channel (RingCreation), which must be of the same kind;
 * 3 write the other fields; 4 write the magic, with release order.
 * Any number of processes may be at this at once: behind 1 they write the same.
 *
 * If a process dies here
 * ----------------------
 * Before 4 there is no magic, and the next one does it all again.
 */

/**
 * A kind of structure that has a channel inside.
 *
 * @param name for messages
 * @param maker the class that makes it
 * @param magic the first word
 * @param version of its layout
 */
public record CompositeHeader(String name, String maker, long magic, int version) {
  static final int MAGIC = 0;
  private static final int OPTIONS = 8;
  static final int VERSION = 16;
  static final int CHANNEL = 24;
  static final int BYTES = 32;

  /** Makes one where there are zeros; what there is otherwise may be of another kind. */
  public void makeIfNew(Heap heap, long offset, long options, long channel, ChannelSpec messages) {
    RingCreation.require(heap, offset);
    long bytes = channel + messages.length(heap);
    heap.region(offset, bytes);
    if (heap.getLongAcquire(offset + MAGIC) != 0) {
      return;
    }
    long found = heap.compareAndExchangeLong(offset + OPTIONS, 0, options);
    if (found != 0 && found != options) {
      throw mismatch(
          heap,
          offset,
          String.format(Locale.ROOT, "options 0x%x", found),
          String.format(Locale.ROOT, "0x%x", options));
    }
    RingCreation.findOrMake(heap, offset + channel, messages);
    heap.putInt(offset + VERSION, version);
    heap.putLong(offset + CHANNEL, channel);
    heap.putLong(offset + BYTES, bytes);
    heap.putLongRelease(offset + MAGIC, magic);
  }

  /**
   * The options of the one at an offset.
   *
   * @throws NotAChannelException if there is none
   */
  public long options(Heap heap, long offset) {
    RingCreation.require(heap, offset);
    long foundMagic = heap.getLongAcquire(offset + MAGIC);
    int foundVersion = heap.getInt(offset + VERSION);
    if (foundMagic != magic || foundVersion != version) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAChannelException(
          String.format(
              Locale.ROOT,
              "%s has no %s at offset %d: found magic 0x%x and version %d, expected 0x%x and %d."
                  + " Make one where there are zeros, with %s.at",
              heap.path(),
              name,
              offset,
              foundMagic,
              foundVersion,
              magic,
              version,
              maker));
    }
    return heap.getLong(offset + OPTIONS);
  }

  /** The channel inside, which must lie where the options say. */
  public ChannelSpec channel(Heap heap, long offset, long expected) {
    long found = heap.getLong(offset + CHANNEL);
    if (found != expected) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAChannelException(
          String.format(
              Locale.ROOT,
              "the %s at offset %d of %s is damaged: found its channel at %d, expected it at %d",
              name,
              offset,
              heap.path(),
              found,
              expected));
    }
    return RingCreation.find(heap, offset + found);
  }

  public NotAChannelException mismatch(Heap heap, long offset, Object found, Object expected) {
    heap.requireOpen(); // or what was read is nothing
    return new NotAChannelException(
        String.format(
            Locale.ROOT,
            "at offset %d of %s is another %s: found %s, expected %s. Use another place, or %s.at,"
                + " which takes what is there",
            offset,
            heap.path(),
            name,
            found,
            expected,
            maker));
  }
}
