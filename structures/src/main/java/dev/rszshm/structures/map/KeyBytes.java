package dev.rszshm.structures.map;

import dev.rszshm.heap.spi.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Compares keys with bytes in memory, and copies short pieces of it, for which the call of a bulk
 * copy would cost more than the copy. A key is an array, or the eight bytes of a number.
 */
final class KeyBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Up to this length pieces are copied by words. */
  private static final int SHORT = 160;

  private KeyBytes() {}

  /** The length of a key; that of a number if it is null. */
  static int length(byte @Nullable [] key) {
    return key == null ? Long.BYTES : key.length;
  }

  /** Whether the bytes at an address, as many as the key has, are those of the key. */
  static boolean areAt(Memory memory, long at, byte @Nullable [] key, long number) {
    return key == null ? memory.getLong(at) == number : areAt(memory, at, key);
  }

  private static boolean areAt(Memory memory, long at, byte[] key) {
    int i = 0;
    for (; i <= key.length - Long.BYTES; i += Long.BYTES) {
      if (memory.getLong(at + i) != (long) LONG.get(key, i)) {
        return false;
      }
    }
    for (; i < key.length; i++) {
      if (memory.getByte(at + i) != key[i]) {
        return false;
      }
    }
    return true;
  }

  /** Copies bytes out of memory. */
  static void copyOut(Memory memory, long from, byte[] into, int index, int length) {
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
  static void copyIn(Memory memory, byte[] from, int index, long to, int length) {
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
