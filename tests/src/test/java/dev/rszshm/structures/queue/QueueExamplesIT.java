package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.examples.EventLog;
import dev.rszshm.examples.JobQueue;
import dev.rszshm.examples.TaskStack;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of this package do what they say, in processes of their own. */
class QueueExamplesIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir(factory = InMemory.class)
  Path directory;

  private WorkerProcess start(Class<?> example, String... arguments) {
    List<String> command = WorkerJvm.commandOf(example);
    command.add(directory.resolve("example").toString());
    command.addAll(List.of(arguments));
    return WorkerProcess.start(LIMIT, command);
  }

  private void run(Class<?> example, String... arguments) {
    try (WorkerProcess process = start(example, arguments)) {
      process.awaitSuccess();
    }
  }

  @Test
  void jobsAreDoneInTheirOrder() {
    try (WorkerProcess worker = start(JobQueue.class, "work")) {
      run(JobQueue.class, "put", "one", "two");
      run(JobQueue.class, "put", "end");
      worker.expect("did one");
      worker.expect("did two");
      worker.expect("0 jobs are left");
      worker.awaitSuccess();
    }
  }

  @Test
  void eventsAreReadThatWereThereAndThatCome() {
    run(EventLog.class, "note", "start");
    try (WorkerProcess tail = start(EventLog.class, "tail")) {
      tail.expect("1: start");
      run(EventLog.class, "note", "more", "end");
      tail.expect("2: more");
      tail.expect("missed 0");
      tail.awaitSuccess();
    }
  }

  @Test
  void eachPartOfATaskIsDoneOnce() {
    run(TaskStack.class, "push", "0", "1000000");
    try (WorkerProcess worker = start(TaskStack.class, "work");
        WorkerProcess thief = start(TaskStack.class, "steal")) {
      long sum = sum(worker.next()) + sum(thief.next());
      worker.awaitSuccess();
      thief.awaitSuccess();
      assertEquals(1_000_000L * 999_999 / 2, sum);
    }
  }

  private static long sum(String line) {
    return Long.parseLong(line.substring("sum ".length()));
  }
}
