package dev.rszshm.structures.map;

import dev.rszshm.heap.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Compares a key with bytes in memory. A key is an array, or the eight bytes of a number. */
final class KeyBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private KeyBytes() {}

  /** The length of a key. */
  static int length(byte[] key) {
    return key == null ? Long.BYTES : key.length;
  }

  /** Whether the bytes at an address, as many as the key has, are those of the key. */
  static boolean areAt(Memory memory, long at, byte[] key, long number) {
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
}
