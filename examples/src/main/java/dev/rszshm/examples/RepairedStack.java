package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Mutex;
import java.nio.file.Path;

/**
 * A stack that several programs change under a mutex. Kill some of them, in the midst of a change:
 * whoever has the mutex next repairs what they have left, and no number is lost or leaks.
 *
 * <p>How to make a change that can be repaired: each step is one of {@code allocateInto}, {@code
 * move} and {@code freeFrom}, which happen exactly once or not at all, and between two steps the
 * slots say how far it is. Here what is not in the stack yet, or not any more, is in a slot of its
 * own. A repair reads the slots, which are as if each step had happened or not, undoes what has not
 * come to its end, and computes anew what follows from the slots.
 *
 * <pre>{@code
 * for i in a b c; do java … dev.rszshm.examples.RepairedStack /dev/shm/stack 1000 & done
 * }</pre>
 */
public final class RepairedStack {
  /** The stack: a slot for the top, one for a node on its way, and the number of nodes. */
  private static final int TOP = 0;

  private static final int ON_ITS_WAY = 8;
  private static final int COUNT = 16;
  private static final int LENGTH = 24;

  /** A node: a slot for the next one, and a number. */
  private static final int NEXT = 0;

  private static final int NUMBER = 8;
  private static final int NODE_LENGTH = 16;

  private final Allocator allocator;
  private final Heap heap;
  private final Mutex mutex;
  private final long top;
  private final long onItsWay;
  private final long count;

  /** The stack of a heap; all find it by its name. */
  public RepairedStack(Allocator allocator) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    long stack = allocator.place("stack", 1, 1, LENGTH);
    this.top = stack + TOP;
    this.onItsWay = stack + ON_ITS_WAY;
    this.count = stack + COUNT;
    this.mutex = Mutex.named(allocator, "stack lock");
    mutex.onOwnerDied(this::repair);
  }

  /** Takes the path of the heap, and how often to push a number and take one. */
  public static void main(String[] args) {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      RepairedStack stack = new RepairedStack(allocator);
      int times = Integer.parseInt(args[1]);
      for (int i = 0; i < times; i++) {
        stack.push(i);
        if (i % 3 == 0) {
          stack.pop();
        }
      }
      System.out.println("there are " + stack.size() + " numbers");
    }
  }

  /** Puts a number on top. */
  public void push(long number) {
    mutex.lock();
    try {
      long node =
          allocator.allocateInto(
              onItsWay, NODE_LENGTH, made -> heap.putLong(made + NUMBER, number));
      allocator.move(top, node + NEXT);
      allocator.move(onItsWay, top);
      heap.putLong(count, heap.getLong(count) + 1);
    } finally {
      mutex.unlock();
    }
  }

  /** Takes the number on top; 0 if there is none. */
  public long pop() {
    mutex.lock();
    try {
      if (!allocator.move(top, onItsWay)) {
        return 0;
      }
      long node = allocator.get(onItsWay);
      long number = heap.getLong(node + NUMBER);
      allocator.move(node + NEXT, top);
      allocator.freeFrom(onItsWay);
      heap.putLong(count, heap.getLong(count) - 1);
      return number;
    } finally {
      mutex.unlock();
    }
  }

  /** How many numbers there are. */
  public long size() {
    mutex.lock();
    try {
      return heap.getLong(count);
    } finally {
      mutex.unlock();
    }
  }

  /** Undoes a push, or ends a pop: what is on its way goes, and what hangs on it comes back. */
  private void repair() {
    long node = allocator.get(onItsWay);
    if (node != 0) {
      allocator.move(node + NEXT, top);
      allocator.freeFrom(onItsWay);
    }
    long nodes = 0;
    for (long at = allocator.get(top); at != 0; at = allocator.get(at + NEXT)) {
      nodes++;
    }
    heap.putLong(count, nodes);
  }
}
