package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.list.SharedList;
import java.nio.file.Path;

/**
 * Several programs append to one list at the same time. Kill some of them: each line is in the list
 * once or not at all, and there is no hole.
 *
 * <pre>{@code
 * for name in a b c; do java … dev.rszshm.examples.AppendLog /dev/shm/log $name 1000 & done
 * }</pre>
 */
public final class AppendLog {
  private AppendLog() {}

  /** Takes the path of the heap, a name, and how many lines to append. */
  public static void main(String[] args) {
    int times = Integer.parseInt(args[2]);
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      SharedList<String> log = SharedList.named(allocator, "log", Codecs.strings());
      for (int i = 0; i < times; i++) {
        log.append(args[1] + i);
      }
      long own = log.stream().filter(line -> line.startsWith(args[1])).count();
      System.out.println("appended " + own + ", the first of all is " + log.get(0));
    }
  }
}
