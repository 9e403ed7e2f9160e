package dev.rszshm.testkit.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of a primitive array as bytes, little-endian, and back. */
final class ArrayBytes {
  private ArrayBytes() {}

  static byte[] of(Object array, int elementLength, int index, int size) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(size, elementLength)).order(ByteOrder.LITTLE_ENDIAN);
    if (array instanceof byte[] a) {
      bytes.put(a, index, size);
    } else if (array instanceof short[] a) {
      bytes.asShortBuffer().put(a, index, size);
    } else if (array instanceof char[] a) {
      bytes.asCharBuffer().put(a, index, size);
    } else if (array instanceof int[] a) {
      bytes.asIntBuffer().put(a, index, size);
    } else if (array instanceof long[] a) {
      bytes.asLongBuffer().put(a, index, size);
    } else if (array instanceof float[] a) {
      bytes.asFloatBuffer().put(a, index, size);
    } else {
      bytes.asDoubleBuffer().put((double[]) array, index, size);
    }
    return bytes.array();
  }

  static void put(byte[] from, Object array, int index, int size) {
    ByteBuffer bytes = ByteBuffer.wrap(from).order(ByteOrder.LITTLE_ENDIAN);
    if (array instanceof byte[] a) {
      bytes.get(a, index, size);
    } else if (array instanceof short[] a) {
      bytes.asShortBuffer().get(a, index, size);
    } else if (array instanceof char[] a) {
      bytes.asCharBuffer().get(a, index, size);
    } else if (array instanceof int[] a) {
      bytes.asIntBuffer().get(a, index, size);
    } else if (array instanceof long[] a) {
      bytes.asLongBuffer().get(a, index, size);
    } else if (array instanceof float[] a) {
      bytes.asFloatBuffer().get(a, index, size);
    } else {
      bytes.asDoubleBuffer().get((double[]) array, index, size);
    }
  }
}
