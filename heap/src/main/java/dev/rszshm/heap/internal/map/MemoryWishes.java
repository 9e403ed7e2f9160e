package dev.rszshm.heap.internal.map;

import dev.rszshm.heap.Grant;
import dev.rszshm.heap.MemoryWish;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.internal.os.KernelMemory;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;

/** Asks the kernel for what an attachment wishes of its memory, and keeps the answers. */
public final class MemoryWishes {
  private final boolean hugePages;
  private final boolean locked;
  private final OptionalInt node;

  /** The last answer to each wish that was granted, or the first refusal. */
  private final Map<MemoryWish, Grant> grants = new EnumMap<>(MemoryWish.class);

  public MemoryWishes(boolean hugePages, boolean locked, OptionalInt node) {
    this.hugePages = hugePages;
    this.locked = locked;
    this.node = node;
  }

  /** Those of an attachment that has none. */
  public static MemoryWishes none() {
    return new MemoryWishes(false, false, OptionalInt.empty());
  }

  /** Wishes for another attachment, with no answers yet. */
  public MemoryWishes again() {
    return new MemoryWishes(hugePages, locked, node);
  }

  /** Asks for a range that has just been mapped. The node comes first: it says where from. */
  void askFor(SystemCalls calls, long address, long length) {
    node.ifPresent(n -> note(MemoryWish.PREFERRED_NODE, preferNode(calls, address, length, n)));
    if (hugePages) {
      note(MemoryWish.HUGE_PAGES, collapse(calls, address, length));
    }
    if (locked) {
      note(MemoryWish.LOCKED, lock(calls, address, length));
    }
  }

  private synchronized void note(MemoryWish wish, Grant grant) {
    grants.merge(wish, grant, (before, now) -> before.granted() ? now : before);
  }

  public synchronized Map<MemoryWish, Grant> grants() {
    return Map.copyOf(grants);
  }

  /** Lays whole huge pages under a range. */
  public static Grant collapse(SystemCalls calls, long address, long length) {
    long huge = KernelMemory.hugePageSize();
    if (huge == 0) {
      return Grant.refused("this kernel has no transparent huge pages");
    }
    long from = (address + huge - 1) & -huge;
    long to = (address + length) & -huge;
    if (from >= to) {
      return Grant.refused(
          "the range of " + length + " bytes holds no whole huge page, which has " + huge);
    }
    try {
      calls.collapse(from, to - from);
      return Grant.of((to - from) / huge + " huge pages of " + huge + " bytes");
    } catch (SystemCallException e) {
      return Grant.refused(
          e.errno() == Errno.EINVAL
              ? "this kernel, or the file system of the heap, has no huge pages for it: use Linux"
                  + " 6.1 or later, and a heap in memory, such as in /dev/shm"
              : "the kernel has no huge pages to give now ("
                  + e.getMessage()
                  + "): free memory, or ask again later");
    }
  }

  /** Locks a range in physical memory. */
  public static Grant lock(SystemCalls calls, long address, long length) {
    try {
      calls.lockInMemory(address, length);
      return Grant.of(length + " bytes are locked in memory");
    } catch (SystemCallException e) {
      return Grant.refused(
          length
              + " bytes may not be locked in memory ("
              + e.getMessage()
              + "): raise the limit with \"ulimit -l\" (LimitMEMLOCK= of a service), or lock less");
    }
  }

  /** Prefers a NUMA node for pages of a range that are taken from now on. */
  public static Grant preferNode(SystemCalls calls, long address, long length, int node) {
    return preferNode(calls, address, length, node, KernelMemory.nodes());
  }

  static Grant preferNode(SystemCalls calls, long address, long length, int node, String nodes) {
    if (nodes.equals("0")) {
      return Grant.refused("this machine has one NUMA node, so there is none to prefer");
    }
    try {
      calls.preferNode(address, length, node);
      return Grant.of("new pages come from NUMA node " + node + " while it has some");
    } catch (SystemCallException e) {
      return Grant.refused(
          e.errno() == Errno.EINVAL
              ? "there is no NUMA node " + node + " with memory: this machine has nodes " + nodes
              : "NUMA node " + node + " cannot be preferred (" + e.getMessage() + ")");
    }
  }
}
