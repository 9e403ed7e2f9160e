package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.SharedQueue;
import java.nio.file.Path;

/**
 * One program puts jobs into a queue that grows as it has to; any number of others take them, each
 * job once.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.JobQueue /dev/shm/jobs work &
 * java … dev.rszshm.examples.JobQueue /dev/shm/jobs put one two three end
 * }</pre>
 */
public final class JobQueue {
  private JobQueue() {}

  /** Takes the path of the heap, and {@code work}, or {@code put} and jobs. */
  public static void main(String[] args) throws InterruptedException {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      SharedQueue<String> jobs = SharedQueue.named(allocator, "jobs", Codecs.strings());
      if (args[1].equals("put")) {
        for (int i = 2; i < args.length; i++) {
          jobs.put(args[i]);
        }
        return;
      }
      String job = jobs.take();
      while (!job.equals("end")) {
        System.out.println("did " + job);
        job = jobs.take();
      }
      System.out.println(jobs.size() + " jobs are left");
    }
  }
}
