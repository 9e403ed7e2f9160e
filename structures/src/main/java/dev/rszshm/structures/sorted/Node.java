package dev.rszshm.structures.sorted;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A copy of a node. What it has is looked at within its bounds only. */
final class Node {
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  final byte[] bytes;
  int height;
  int count;

  /** A node whose bytes are there, or will be: then {@link #read} comes behind that. */
  Node(byte[] bytes) {
    this.bytes = bytes;
    read();
  }

  /** Reads what the bytes say now. */
  void read() {
    height = (short) SHORT.get(bytes, SortedMapLayout.NODE_HEIGHT) & 0xffff;
    count = (short) SHORT.get(bytes, SortedMapLayout.NODE_COUNT) & 0xffff;
  }

  /** What cannot be; null if all is within bounds. */
  @Nullable String findWrong() {
    if (height > SortedMapLayout.MAX_HEIGHT) {
      return "height " + height;
    }
    long records = SortedMapLayout.child(count, height == 0 ? 0 : count);
    if (count == 0 || records > bytes.length) {
      return count + " entries";
    }
    for (int i = 0; i < count; i++) {
      long word = word(i);
      long end = (long) SortedMapLayout.valueAt(word) + SortedMapLayout.bytesInside(word);
      if (SortedMapLayout.position(word) < records || end > bytes.length) {
        return "an entry that ends at " + end;
      }
      if (height != 0 && (SortedMapLayout.valueLength(word) != 0 || word < 0)) {
        return "a value in an inner node";
      }
    }
    return null;
  }

  /** Where the last entry ends. */
  int end() {
    long end = SortedMapLayout.child(count, height == 0 ? 0 : count);
    for (int i = 0; i < count; i++) {
      long word = word(i);
      end = Math.max(end, (long) SortedMapLayout.valueAt(word) + SortedMapLayout.bytesInside(word));
    }
    return (int) end;
  }

  long head(int index) {
    return (long) LONG.get(bytes, SortedMapLayout.NODE_HEADER + Long.BYTES * index);
  }

  long word(int index) {
    return (long) LONG.get(bytes, SortedMapLayout.NODE_HEADER + Long.BYTES * (count + index));
  }

  /** The reference of a child. */
  long child(int index) {
    return (long) LONG.get(bytes, (int) SortedMapLayout.child(count, index));
  }

  /** The reference of a value that is outside. */
  long outside(int index) {
    return (long) LONG.get(bytes, SortedMapLayout.valueAt(word(index)));
  }

  byte[] key(int index) {
    long word = word(index);
    int length = SortedMapLayout.keyLength(word);
    byte[] key = new byte[length];
    long head = head(index);
    for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
      key[i] = (byte) (head >>> (56 - 8 * i));
    }
    if (length > Long.BYTES) {
      int rest = SortedMapLayout.restLength(length);
      System.arraycopy(bytes, SortedMapLayout.position(word), key, Long.BYTES, rest);
    }
    return key;
  }

  /** The bytes of a value that is not outside. */
  byte[] value(int index) {
    long word = word(index);
    int from = SortedMapLayout.valueAt(word);
    return Arrays.copyOfRange(bytes, from, from + SortedMapLayout.valueLength(word));
  }

  /** Compares the key of an entry with another. */
  int compare(int index, byte[] key, long head) {
    int heads = Long.compareUnsigned(head(index), head);
    if (heads != 0) {
      return heads;
    }
    long word = word(index);
    int length = SortedMapLayout.keyLength(word);
    if (length <= Long.BYTES || key.length <= Long.BYTES) {
      return Integer.compare(length, key.length);
    }
    int from = SortedMapLayout.position(word);
    return Arrays.compareUnsigned(
        bytes, from, from + length - Long.BYTES, key, Long.BYTES, key.length);
  }

  /** The index of a key; if it is absent, ~ of the first that is greater. */
  int find(byte[] key) {
    long head = SortedMapLayout.head(key);
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, key, head);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return ~low;
  }

  /**
   * The index of the first key behind a bound, which may be {@link #count}, or of the last before
   * it, which may be -1.
   */
  int end(byte[] bound, boolean inclusive, boolean up) {
    int index = find(bound);
    if (up) {
      return index < 0 ? ~index : inclusive ? index : index + 1;
    }
    return index < 0 ? ~index - 1 : inclusive ? index : index - 1;
  }
}
