package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.pool.errors.PoolSpaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether there is room for a pool before it starts: in a container, /dev/shm may be small. */
final class PoolSpace {
  private static final int MIB = 1 << 20;
  private static final long CHUNK = 64 << 10;

  private PoolSpace() {}

  /**
   * Makes sure of the room that a pool needs.
   *
   * @param isNew whether its tables are still to be made
   * @throws PoolSpaceException if there is less
   */
  static void require(Allocator allocator, PoolSpec spec, boolean isNew) {
    Heap heap = allocator.heap();
    long ofTasks = Math.min(spec.taskMemory(), heap.span()) * spec.workers(); // cannot overflow
    long need = (isNew ? spec.length() : 0) + ofTasks;
    AllocatorStatistics now = allocator.statistics();
    long free = (now.emptyChunks() - now.discardedChunks()) * CHUNK;
    long canGrow = Math.min(heap.span() - heap.length(), usable(heap.path()));
    if (free + canGrow >= need) {
      return;
    }
    throw new PoolSpaceException(
        "a pool of "
            + spec
            + " needs "
            + mib(need)
            + " in "
            + heap.path()
            + ", found "
            + mib(free)
            + " free in the heap, which can grow by "
            + mib(canGrow)
            + advice(heap, need - free));
  }

  private static String advice(Heap heap, long missing) {
    if (heap.span() - heap.length() < missing) {
      return ": make the heap with a larger span (Heap.builder().span), or free something in it";
    }
    return ": its file system is full. Make it larger (docker run --shm-size, a memory-backed"
        + " emptyDir in Kubernetes, or mount -o remount,size=… "
        + heap.path().getParent()
        + "), make the heap in another directory, or ask for less"
        + " (PoolSpec.withQueueLength, withTaskMemory)";
  }

  /** The bytes that the file system of a file has left; as many as can be if it does not say. */
  private static long usable(Path file) {
    try {
      return Files.getFileStore(file).getUsableSpace();
    } catch (IOException | SecurityException e) {
      return Long.MAX_VALUE / 2; // it was removed, or has no name: growing says so
    }
  }

  private static String mib(long bytes) {
    return bytes < MIB ? bytes + " bytes" : bytes / MIB + " MiB";
  }
}
