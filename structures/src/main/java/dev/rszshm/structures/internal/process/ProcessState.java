package dev.rszshm.structures.internal.process;

import dev.rszshm.heap.Heap;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all handles of a process for one structure have in common: what a thread has noted through
 * one of them, another finds through another. A process is a heap object here.
 */
public final class ProcessState {
  private static final Map<Heap, Map<Key, Object>> STATES =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Its methods are written out: a JVM that has just started takes milliseconds to make them. */
  private record Key(long offset, Class<?> type, int size) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && key.offset == offset
          && key.type == type
          && key.size == size;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * Long.hashCode(offset) + type.hashCode()) + size;
    }
  }

  private ProcessState() {}

  /**
   * Returns the state of a type for the structure at an offset.
   *
   * @param initial makes it if there is none
   */
  public static <T> T of(Heap heap, long offset, Class<T> type, Supplier<T> initial) {
    return of(heap, offset, type, 0, initial);
  }

  /**
   * Returns the state of a type, of which there is one for each size.
   *
   * @param initial makes it if there is none
   */
  public static <T> T of(Heap heap, long offset, Class<T> type, int size, Supplier<T> initial) {
    Map<Key, Object> ofHeap = STATES.computeIfAbsent(heap, any -> new ConcurrentHashMap<>());
    return type.cast(ofHeap.computeIfAbsent(new Key(offset, type, size), any -> initial.get()));
  }
}
