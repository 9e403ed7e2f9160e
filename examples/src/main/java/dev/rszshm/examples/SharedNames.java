package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.strings.StringTable;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Several programs give numbers to names: the same name has the same number in all of them.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.SharedNames /dev/shm/names red green &
 * java … dev.rszshm.examples.SharedNames /dev/shm/names green blue
 * }</pre>
 */
public final class SharedNames {
  private SharedNames() {}

  /** Takes the path of the heap, and names. */
  public static void main(String[] args) {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      StringTable names = StringTable.named(allocator, "names");
      for (String name : Arrays.asList(args).subList(1, args.length)) {
        long id = names.intern(name);
        System.out.println(id + " is " + names.get(id));
      }
    }
  }
}
