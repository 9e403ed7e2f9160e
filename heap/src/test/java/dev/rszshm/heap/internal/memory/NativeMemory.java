package dev.rszshm.heap.internal.memory;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Memory for tests, outside the Java heap. */
final class NativeMemory {
  private static final int ALIGNMENT = 64;
  private static final Queue<ByteBuffer> KEPT = new ConcurrentLinkedQueue<>();

  private NativeMemory() {}

  /** Allocates zeroed memory, aligned to a cache line, that lives as long as the JVM. */
  static long allocate(int length) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(length + ALIGNMENT);
    KEPT.add(buffer);
    return (addressOf(buffer) + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static long addressOf(ByteBuffer direct) {
    return Pointer.wrap(Runtime.getSystemRuntime(), direct).address();
  }
}
