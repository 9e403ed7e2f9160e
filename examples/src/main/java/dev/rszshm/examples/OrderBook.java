package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.Length;
import dev.rszshm.structures.struct.Slot;
import dev.rszshm.structures.struct.SlotField;
import dev.rszshm.structures.struct.StructLayout;
import java.nio.file.Path;

/**
 * Orders in a linked list, to which several programs append without a lock, and which the C program
 * {@code list_orders} prints. Both have the places of the fields from one record.
 *
 * <pre>{@code
 * for name in ann bob; do java … dev.rszshm.examples.OrderBook /dev/shm/book $name 1000 & done; wait
 * examples/c/target/list_orders /dev/shm/book
 * }</pre>
 */
public final class OrderBook {
  /** An order, and the one behind it. */
  public record Order(long price, int amount, @Length(16) String customer, Slot<Order> next) {}

  private static final StructLayout<Order> ORDER = StructLayout.of(Order.class);
  private static final SlotField<Order, Order> NEXT = ORDER.slotField("next", Order.class);

  private OrderBook() {}

  /** Takes the path of the heap, a customer, and how many orders to append. */
  public static void main(String[] args) {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      Block<Order> last = ORDER.named(allocator, "orders"); // an order of zeros, before all others
      for (int i = 1; i <= Integer.parseInt(args[2]); i++) {
        last = append(allocator, last, new Order(100 + i, i, args[1], null));
      }
      System.out.println(args[1] + " ordered " + ORDER.read(heap, last).amount() + " times");
    }
  }

  /** Appends somewhere behind an order: whoever fills the slot of the last one first. */
  private static Block<Order> append(Allocator allocator, Block<Order> last, Order order) {
    Heap heap = allocator.heap();
    while (true) {
      Slot<Order> next = NEXT.of(heap, last);
      Block<Order> made = next.allocate(allocator, ORDER, block -> ORDER.write(heap, block, order));
      last = next.get(allocator);
      if (made.isPresent()) {
        return last;
      }
    }
  }
}
