package dev.rszshm.structures.map;

import dev.rszshm.heap.Heap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value where it is in the heap.
 *
 * @param <R> what it makes of it
 */
@FunctionalInterface
public interface ValueReader<R extends @Nullable Object> {
  /**
   * Reads a value. It stays as it is until this returns, except that a value of up to 8 bytes may
   * change as a whole; it must not be written to.
   *
   * @param heap it is in
   * @param offset of its first byte, a multiple of 8
   * @param length in bytes
   */
  R read(Heap heap, long offset, int length);
}
