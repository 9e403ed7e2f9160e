package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.Slot;
import dev.rszshm.structures.struct.SlotField;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.sync.Mutex;
import java.nio.file.Path;

/**
 * A stack that several programs change under a mutex. Kill some of them, in the midst of a change:
 * whoever has the mutex next repairs what they have left, and no number is lost or leaks.
 *
 * <p>How to make a change that can be repaired: each step is one of {@code allocate}, {@code
 * moveTo} and {@code free} of a slot, which happen exactly once or not at all, and between two
 * steps the slots say how far it is. Here what is not in the stack yet, or not any more, is in a
 * slot of its own. A repair reads the slots, which are as if each step had happened or not, undoes
 * what has not come to its end, and computes anew what follows from the slots.
 *
 * <pre>{@code
 * for i in a b c; do java … dev.rszshm.examples.RepairedStack /dev/shm/stack 1000 & done
 * }</pre>
 */
public final class RepairedStack {
  /** The stack: a slot for the top, one for a node on its way, and the number of nodes. */
  record Stack(Slot<Node> top, Slot<Node> onItsWay, long count) {}

  record Node(Slot<Node> next, long number) {}

  private static final StructLayout<Stack> STACK = StructLayout.of(Stack.class);
  private static final LongField<Stack> COUNT = STACK.longField("count");
  private static final StructLayout<Node> NODE = StructLayout.of(Node.class);
  private static final SlotField<Node, Node> NEXT = NODE.slotField("next", Node.class);
  private static final LongField<Node> NUMBER = NODE.longField("number");

  private final Allocator allocator;
  private final Heap heap;
  private final Mutex mutex;
  private final Block<Stack> stack;
  private final Slot<Node> top;
  private final Slot<Node> onItsWay;

  /** The stack of a heap; all find it by its name. */
  public RepairedStack(Allocator allocator) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.stack = STACK.named(allocator, "stack");
    this.top = STACK.slotField("top", Node.class).of(heap, stack);
    this.onItsWay = STACK.slotField("onItsWay", Node.class).of(heap, stack);
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
      Block<Node> node = onItsWay.allocate(allocator, NODE, made -> NUMBER.set(heap, made, number));
      top.moveTo(allocator, NEXT.of(heap, node));
      onItsWay.moveTo(allocator, top);
      COUNT.set(heap, stack, COUNT.get(heap, stack) + 1);
    } finally {
      mutex.unlock();
    }
  }

  /** Takes the number on top; 0 if there is none. */
  public long pop() {
    mutex.lock();
    try {
      if (!top.moveTo(allocator, onItsWay)) {
        return 0;
      }
      Block<Node> node = onItsWay.get(allocator);
      long number = NUMBER.get(heap, node);
      NEXT.of(heap, node).moveTo(allocator, top);
      onItsWay.free(allocator);
      COUNT.set(heap, stack, COUNT.get(heap, stack) - 1);
      return number;
    } finally {
      mutex.unlock();
    }
  }

  /** How many numbers there are. */
  public long size() {
    mutex.lock();
    try {
      return COUNT.get(heap, stack);
    } finally {
      mutex.unlock();
    }
  }

  /** Undoes a push, or ends a pop: what is on its way goes, and what hangs on it comes back. */
  private void repair() {
    Block<Node> left = onItsWay.get(allocator);
    if (left.isPresent()) {
      NEXT.of(heap, left).moveTo(allocator, top);
      onItsWay.free(allocator);
    }
    long nodes = 0;
    Block<Node> node = top.get(allocator);
    while (node.isPresent()) {
      nodes++;
      node = NEXT.of(heap, node).get(allocator);
    }
    COUNT.set(heap, stack, nodes);
  }
}
