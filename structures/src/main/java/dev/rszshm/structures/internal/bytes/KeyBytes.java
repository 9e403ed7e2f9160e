package dev.rszshm.structures.internal.bytes;

import dev.rszshm.heap.spi.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Compares keys with bytes in memory, and copies short pieces of it, for which the call of a bulk
 * copy would cost more than the copy. A key is an array, or the eight bytes of a number.
 */
public final class KeyBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Up to this length pieces are copied by words. */
  private static final int SHORT = 160;

  private KeyBytes() {}

  /** The length of a key; that of a number if it is null. */
  public static int length(byte @Nullable [] key) {
    return key == null ? Long.BYTES : key.length;
  }

  /** Whether the bytes at an address, as many as the key has, are those of the key. */
  public static boolean areAt(Memory memory, long at, byte @Nullable [] key, long number) {
    return key == null ? memory.getLong(at) == number : areAt(memory, at, key, 0, key.length);
  }

  /** Whether the bytes at an address are those of a part of an array. */
  public static boolean areAt(Memory memory, long at, byte[] key, int from, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (memory.getLong(at + i) != (long) LONG.get(key, from + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (memory.getByte(at + i) != key[from + i]) {
        return false;
      }
    }
    return true;
  }

  /** Copies bytes out of memory. */
  public static void copyOut(Memory memory, long from, byte[] into, int index, int length) {
    if (length > SHORT) {
      memory.copyOut(from, into, index, length);
      return;
    }
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      LONG.set(into, index + i, memory.getLong(from + i));
    }
    for (; i < length; i++) {
      into[index + i] = memory.getByte(from + i);
    }
  }

  /** Copies bytes into memory. */
  public static void copyIn(Memory memory, byte[] from, int index, long to, int length) {
    if (length > SHORT) {
      memory.copyIn(from, index, to, length);
      return;
    }
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      memory.putLong(to + i, (long) LONG.get(from, index + i));
    }
    for (; i < length; i++) {
      memory.putByte(to + i, from[index + i]);
    }
  }
}
