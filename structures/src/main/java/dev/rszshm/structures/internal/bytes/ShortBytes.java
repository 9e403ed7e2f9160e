package dev.rszshm.structures.internal.bytes;

import dev.rszshm.heap.Heap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Copies bytes into and out of a heap; short ones word by word, which is faster than a copy of a
 * range. The room is a multiple of 8, and what is behind the bytes in it becomes anything.
 */
public final class ShortBytes {
  private static final int LONGEST = 128;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ShortBytes() {}

  /** Returns the room for so many bytes. */
  public static long room(long length) {
    return (length + Long.BYTES - 1) & -Long.BYTES;
  }

  /** Copies bytes into a room. */
  public static void put(Heap heap, long offset, byte[] bytes) {
    if (bytes.length > LONGEST) {
      heap.putBytes(offset, bytes);
      return;
    }
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      heap.putLong(offset + i, (long) WORDS.get(bytes, i));
    }
    if (i < bytes.length) {
      long word = 0;
      for (int j = bytes.length - 1; j >= i; j--) {
        word = word << Byte.SIZE | (bytes[j] & 0xff);
      }
      heap.putLong(offset + i, word);
    }
  }

  /** Copies bytes out of a room. */
  public static byte[] get(Heap heap, long offset, int length) {
    if (length > LONGEST || length == 0) {
      return heap.getBytes(offset, length);
    }
    byte[] bytes = new byte[length];
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      WORDS.set(bytes, i, heap.getLong(offset + i));
    }
    if (i < length) {
      long word = heap.getLong(offset + i);
      for (; i < length; i++) {
        bytes[i] = (byte) word;
        word >>>= Byte.SIZE;
      }
    }
    return bytes;
  }
}
