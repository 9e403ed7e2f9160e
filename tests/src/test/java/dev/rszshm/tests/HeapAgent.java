package dev.rszshm.tests;

import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that does with a heap what the test tells it, one line at a time, and answers with a
 * line: a result, or an exclamation mark and the exception. The argument is its name.
 */
public final class HeapAgent implements WorkerJob {
  private Heap heap;
  private Heap second;
  private String name;

  /** Starts one. */
  static WorkerProcess start(String name) {
    return WorkerJvm.of(HeapAgent.class).start(name);
  }

  @Override
  public void run(WorkerContext worker) throws Exception {
    name = worker.argument(0);
    Optional<String> line = worker.hear();
    while (line.isPresent()) {
      String[] words = line.get().split(" ");
      try {
        worker.say(words.length == 2 ? attachment(words[0], words[1]) : answer(words));
      } catch (HeapException | IndexOutOfBoundsException e) {
        worker.say("!" + e.getClass().getSimpleName() + " " + e.getMessage());
      }
      line = worker.hear();
    }
    if (heap != null) {
      heap.close();
    }
  }

  private Object attachment(String command, String argument) throws InterruptedException {
    switch (command) {
      case "create" -> heap = builder().create(Path.of(argument));
      case "attach" -> heap = builder().attach(Path.of(argument));
      case "impatient" ->
          heap = builder().growthTimeout(Duration.ofMillis(50)).attach(Path.of(argument));
      case "again" -> second = builder().anyAddress().attach(Path.of(argument));
      default -> {
        return answer(new String[] {command, argument});
      }
    }
    Heap latest = command.equals("again") ? second : heap;
    return "0x" + Long.toHexString(latest.base());
  }

  private HeapBuilder builder() {
    return Heap.builder()
        .name(name)
        .length(4096)
        .span(1L << 30)
        .participants(4)
        .growth(GrowthPolicy.step(4096));
  }

  private Object answer(String[] words) throws InterruptedException {
    long first = words.length > 1 ? Long.decode(words[1]) : 0;
    long other = words.length > 2 ? Long.decode(words[2]) : 0;
    return switch (words[0]) {
      case "get" -> heap.getLongVolatile(first);
      case "put" -> {
        heap.putLongVolatile(first, other);
        yield "put";
      }
      case "address" -> heap.toAddress(first);
      case "offset" -> heap.toOffset(first);
      case "length" -> heap.length();
      case "mapped" -> heap.mappedLength();
      case "grow" -> heap.grow();
      case "growTo" -> heap.growTo(first);
      case "reclaim" -> heap.reclaimDead();
      case "self" -> heap.self().orElseThrow().slot() + " " + heap.self().get().generation();
      case "self2" -> second.self().orElseThrow().slot() + " " + second.self().get().generation();
      case "alive" -> heap.isAlive((int) first, (int) other);
      case "wait" -> heap.waitWhile(first, (int) other, Duration.ofSeconds(Long.decode(words[3])));
      case "set" -> {
        heap.putIntVolatile(first, (int) other);
        yield "set";
      }
      case "wake" -> heap.wake(first, (int) other);
      case "close" -> {
        heap.close();
        yield "closed";
      }
      default -> throw new IllegalArgumentException(String.join(" ", words));
    };
  }
}
