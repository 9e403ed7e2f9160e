package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.SharedDeque;
import java.nio.file.Path;

/**
 * A task is divided into smaller ones, which whoever has divided it goes on with, the newest first;
 * others steal the oldest, which is the largest. Here a task is a range of numbers to be added up.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.TaskStack /dev/shm/tasks push 0 1000000
 * java … dev.rszshm.examples.TaskStack /dev/shm/tasks work &
 * java … dev.rszshm.examples.TaskStack /dev/shm/tasks steal
 * }</pre>
 */
public final class TaskStack {
  private static final long SMALL = 1000;

  /** The numbers from one up to another, which is not among them. */
  public record Range(long from, long to) {}

  private TaskStack() {}

  /**
   * Takes the path of the heap, and {@code push} and a range, or {@code work}, or {@code steal}.
   */
  public static void main(String[] args) {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      SharedDeque<Range> tasks = SharedDeque.named(allocator, "tasks", Codecs.records(Range.class));
      if (args[1].equals("push")) {
        tasks.push(new Range(Long.parseLong(args[2]), Long.parseLong(args[3])));
        return;
      }
      long sum = 0;
      boolean steals = args[1].equals("steal");
      for (Range task; (task = steals ? tasks.pollLast() : tasks.pollFirst()) != null; ) {
        if (task.to - task.from > SMALL) {
          long middle = (task.from + task.to) / 2;
          tasks.push(new Range(middle, task.to));
          tasks.push(new Range(task.from, middle));
          continue;
        }
        for (long number = task.from; number < task.to; number++) {
          sum += number;
        }
      }
      System.out.println("sum " + sum);
    }
  }
}
