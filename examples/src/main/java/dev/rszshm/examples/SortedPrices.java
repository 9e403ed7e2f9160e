package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.nio.file.Path;

/**
 * A price list, in order, that any number of programs keep together. Kill one of them whenever you
 * like: a price is there or it is not, and the others go on.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.SortedPrices /dev/shm/prices set apple=30 pear=25 plum=40
 * java … dev.rszshm.examples.SortedPrices /dev/shm/prices list p pf
 * java … dev.rszshm.examples.SortedPrices /dev/shm/prices fill bolt 1000 &
 * java … dev.rszshm.examples.SortedPrices /dev/shm/prices fill nut 1000
 * }</pre>
 */
public final class SortedPrices {
  private SortedPrices() {}

  /** The list of a heap; all find it by its name. */
  public static SharedSortedMap<String, Long> prices(Allocator allocator) {
    return SharedSortedMap.named(
        allocator, "prices", SortedMapSpec.of(OrderedCodecs.strings(), Codecs.longs()));
  }

  /** Takes the path of the heap, what to do, and with what. */
  public static void main(String[] args) {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      SharedSortedMap<String, Long> prices = prices(allocator);
      switch (args[1]) {
        case "set" -> {
          for (int i = 2; i < args.length; i++) {
            String[] parts = args[i].split("=");
            prices.put(parts[0], Long.valueOf(parts[1]));
          }
        }
        case "fill" -> {
          for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            prices.put(args[2] + i, (long) i);
            prices.merge("number", 1L, Long::sum); // of all programs, each counted once
          }
        }
        default ->
            prices // in order, while others change it
                .subMap(args[2], args[3])
                .forEach((name, price) -> System.out.println(name + " " + price));
      }
    }
  }
}
