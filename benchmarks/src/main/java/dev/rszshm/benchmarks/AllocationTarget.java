package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Who allocates. A JVM of the benchmark uses one of them only, and loads no other: each is made in
 * a class of its own, which the verifier does not look into. So the compiler knows which it is, and
 * its calls cost nothing.
 */
abstract class AllocationTarget {
  /**
   * Finds one.
   *
   * @param name {@code heap}, or {@code unsafe} for the JVM's own use of malloc
   */
  static AllocationTarget of(String name, Allocator allocator) {
    return switch (name) {
      case "heap" -> MakeOfHeap.make(allocator);
      case "unsafe" -> MakeOfUnsafe.make();
      default -> throw new IllegalArgumentException("unknown target " + name);
    };
  }

  abstract long allocate(long size);

  abstract void free(long block);

  /** The first word of a block; each call reads it. */
  abstract long get(long block);

  /** Writes the first word of a block; each call does. */
  abstract void put(long block, long value);

  /** Allocates a block into a slot and frees it from there. */
  void allocateIntoAndFreeFrom(long slot, long size) {
    throw new UnsupportedOperationException("only a heap has slots");
  }

  private static final class MakeOfHeap {
    static AllocationTarget make(Allocator allocator) {
      return new OfHeap(allocator);
    }
  }

  private static final class MakeOfUnsafe {
    static AllocationTarget make() {
      return new OfUnsafe();
    }
  }

  private static final class OfHeap extends AllocationTarget {
    private final Allocator allocator;
    private final Heap heap;

    OfHeap(Allocator allocator) {
      this.allocator = allocator;
      this.heap = allocator.heap();
    }

    @Override
    long allocate(long size) {
      return allocator.allocate(size);
    }

    @Override
    void free(long block) {
      allocator.free(block);
    }

    @Override
    long get(long block) {
      return heap.getLongAcquire(block);
    }

    @Override
    void put(long block, long value) {
      heap.putLongRelease(block, value);
    }

    @Override
    void allocateIntoAndFreeFrom(long slot, long size) {
      put(allocator.allocateInto(slot, size), size);
      allocator.freeFrom(slot);
    }
  }

  private static final class OfUnsafe extends AllocationTarget {
    private final Unsafe unsafe = find();

    private static Unsafe find() {
      try {
        Field field = Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        return (Unsafe) field.get(null);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("sun.misc.Unsafe is not to be had", e);
      }
    }

    @Override
    long allocate(long size) {
      return unsafe.allocateMemory(size);
    }

    @Override
    void free(long block) {
      unsafe.freeMemory(block);
    }

    @Override
    long get(long block) {
      return unsafe.getLongVolatile(null, block);
    }

    @Override
    void put(long block, long value) {
      unsafe.putOrderedLong(null, block, value);
    }
  }
}
