package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogReader;
import dev.rszshm.structures.queue.RingLogSpec;
import java.nio.file.Path;

/**
 * Programs note what happens in a log of the last hundred events; another one prints what is there,
 * and then what comes, and says how much it has missed. No writer waits for it.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.EventLog /dev/shm/events note start
 * java … dev.rszshm.examples.EventLog /dev/shm/events tail &
 * java … dev.rszshm.examples.EventLog /dev/shm/events note more end
 * }</pre>
 */
public final class EventLog {
  private static final RingLogSpec LAST_HUNDRED = RingLogSpec.of(100, 200);

  private EventLog() {}

  /** Takes the path of the heap, and {@code tail}, or {@code note} and events. */
  public static void main(String[] args) throws InterruptedException {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      RingLog<String> log = RingLog.named(allocator, "events", Codecs.strings(), LAST_HUNDRED);
      if (args[1].equals("note")) {
        for (int i = 2; i < args.length; i++) {
          log.append(args[i]);
        }
        return;
      }
      RingLogReader<String> reader = log.reader();
      String event = reader.take();
      while (!event.equals("end")) {
        System.out.println(reader.position() + ": " + event);
        event = reader.take();
      }
      System.out.println("missed " + reader.missed());
    }
  }
}
