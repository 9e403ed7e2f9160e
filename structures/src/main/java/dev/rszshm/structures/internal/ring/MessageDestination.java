package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import java.util.List;

/** Where a message is received to. It belongs to one call. */
public final class MessageDestination {
  private static final int LONGEST_PIECE = 1 << 20;
  private static final byte[] NO_ARRAY = {};

  private final Memory memory;
  private final boolean makes;

  /** Where in the heap it is; 0 if it is an array. */
  private final long address;

  private final long room;
  private final int index;
  private byte[] array;
  private long length;

  private MessageDestination(
      Ring ring, boolean makes, byte[] array, int index, long address, long room) {
    this.memory = ring.memory;
    this.makes = makes;
    this.array = array;
    this.index = index;
    this.address = address;
    this.room = room;
  }

  /** A new array, as long as the message. */
  public static MessageDestination newArray(Ring ring) {
    return new MessageDestination(ring, true, NO_ARRAY, 0, 0, Integer.MAX_VALUE - 8);
  }

  public static MessageDestination array(Ring ring, byte[] array, int index, int room) {
    if (index < 0 || room < 0 || index > array.length - room) {
      throw new IndexOutOfBoundsException(
          "index " + index + " with " + room + " bytes in an array of " + array.length);
    }
    return new MessageDestination(ring, false, array, index, 0, room);
  }

  public static MessageDestination heap(Ring ring, long offset, long room) {
    ring.heap.region(offset, room);
    return new MessageDestination(ring, false, NO_ARRAY, 0, ring.heap.base() + offset, room);
  }

  /** Whether a message of a length can be received to it. */
  public boolean hasRoomFor(long total) {
    return total <= room;
  }

  public MessageLengthException tooLong(long total) {
    return new MessageLengthException(
        "the next message has "
            + total
            + " bytes, and there is room for "
            + room
            + ": it is still there, receive it with more");
  }

  /** Begins with a message of a length that there is room for. */
  public void begin(long total) {
    length = total;
    if (makes) {
      array = new byte[(int) total];
    }
  }

  /** Copies bytes of the message. */
  public void put(long at, long from, int size) {
    if (address == 0) {
      memory.copyOut(from, array, index + (int) at, size);
    } else {
      memory.copy(from, address + at, size);
    }
  }

  /** Copies bytes of the message that were kept. */
  public void put(long at, byte[] piece) {
    if (address == 0) {
      System.arraycopy(piece, 0, array, index + (int) at, piece.length);
    } else {
      memory.copyIn(piece, 0, address + at, piece.length);
    }
  }

  /** Copies the first bytes of the message, in pieces. */
  void copyTo(List<byte[]> pieces, long size) {
    for (long at = 0; at < size; ) {
      byte[] piece = new byte[(int) Math.min(size - at, LONGEST_PIECE)];
      if (address == 0) {
        System.arraycopy(array, index + (int) at, piece, 0, piece.length);
      } else {
        memory.copyOut(address + at, piece, 0, piece.length);
      }
      pieces.add(piece);
      at += piece.length;
    }
  }

  /** Whether it makes an array, as long as the message. */
  boolean makesArray() {
    return makes;
  }

  public long length() {
    return length;
  }

  /** Returns the array; an empty one if it is in the heap, or no message was received. */
  public byte[] bytes() {
    return array;
  }
}
