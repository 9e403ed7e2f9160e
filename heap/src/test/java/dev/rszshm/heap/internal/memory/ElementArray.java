package dev.rszshm.heap.internal.memory;

import dev.rszshm.heap.spi.Memory;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Primitive arrays and the little-endian bytes of their elements. */
final class ElementArray {
  private ElementArray() {}

  static Object of(Class<?> type, byte[] content) {
    int length = Memory.elementLength(Array.newInstance(type, 0));
    Object array = Array.newInstance(type, content.length / length);
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (array instanceof byte[] elements) {
      bytes.get(elements);
    } else if (array instanceof short[] elements) {
      bytes.asShortBuffer().get(elements);
    } else if (array instanceof char[] elements) {
      bytes.asCharBuffer().get(elements);
    } else if (array instanceof int[] elements) {
      bytes.asIntBuffer().get(elements);
    } else if (array instanceof float[] elements) {
      bytes.asFloatBuffer().get(elements);
    } else if (array instanceof long[] elements) {
      bytes.asLongBuffer().get(elements);
    } else if (array instanceof double[] elements) {
      bytes.asDoubleBuffer().get(elements);
    }
    return array;
  }

  static byte[] bytesOf(Object array) {
    byte[] content = new byte[Array.getLength(array) * Memory.elementLength(array)];
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (array instanceof byte[] elements) {
      bytes.put(elements);
    } else if (array instanceof short[] elements) {
      bytes.asShortBuffer().put(elements);
    } else if (array instanceof char[] elements) {
      bytes.asCharBuffer().put(elements);
    } else if (array instanceof int[] elements) {
      bytes.asIntBuffer().put(elements);
    } else if (array instanceof float[] elements) {
      bytes.asFloatBuffer().put(elements);
    } else if (array instanceof long[] elements) {
      bytes.asLongBuffer().put(elements);
    } else if (array instanceof double[] elements) {
      bytes.asDoubleBuffer().put(elements);
    }
    return content;
  }
}
