package dev.rszshm.structures.internal.process;

import dev.rszshm.heap.Heap;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What all handles of a process for one structure have in common: what a thread has noted through
 * one of them, another finds through another. A process is a heap object here.
 */
public final class ProcessState {
  private static final Map<Heap, Map<Key, Object>> STATES =
      Collections.synchronizedMap(new WeakHashMap<>());

  private record Key(long offset, Class<?> type, int size) {}

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
