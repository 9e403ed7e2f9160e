package dev.rszshm.testkit.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What is left of a test whose JVM is killed: nothing. */
class LeftoversIT {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(180);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Does nothing at all, and does not listen. */
  public static final class Sleeper implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      worker.say("sleeps");
      TimeUnit.DAYS.sleep(1);
    }
  }

  /** Stands for a test: has workers, one of them stopped, and a directory with files. */
  public static final class Doomed implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      ScratchDirectory directory = ScratchDirectory.inMemory();
      Files.createDirectory(directory.path().resolve("sub"));
      Files.writeString(directory.path().resolve("sub/file"), "content");
      WorkerJvm jvm = WorkerJvm.of(Sleeper.class);
      WorkerProcess running = jvm.start();
      WorkerProcess stopped = jvm.start();
      running.expect("sleeps");
      stopped.expect("sleeps");
      stopped.stop();
      worker.say(directory);
      worker.say(SharedStart.own().directory());
      worker.say(running.pid());
      worker.say(stopped.pid());
      worker.hear();
    }
  }

  @Test
  void aKilledTestLeavesNoProcessAndNoFile() throws Exception {
    List<Path> paths = new ArrayList<>();
    List<ProcessHandle> workers = new ArrayList<>();
    try (WorkerProcess test = WorkerJvm.of(Doomed.class).start()) {
      paths.add(Path.of(test.next()));
      paths.add(Path.of(test.next()));
      workers.add(ProcessHandle.of(Long.parseLong(test.next())).orElseThrow());
      workers.add(ProcessHandle.of(Long.parseLong(test.next())).orElseThrow());
      assertTrue(paths.stream().allMatch(Files::isDirectory), paths.toString());
      test.kill();
    }
    for (ProcessHandle worker : workers) {
      worker.onExit().get(180, TimeUnit.SECONDS);
      assertFalse(worker.isAlive());
    }
    for (Path path : paths) {
      long start = System.nanoTime();
      while (Files.exists(path)) {
        assertTrue(System.nanoTime() - start < PATIENCE_NANOS, path + " is still there");
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Test
  void aClosedDirectoryIsGoneWithAllThatIsInIt() throws IOException {
    ScratchDirectory directory = ScratchDirectory.onDisk();
    Files.createDirectories(directory.path().resolve("a/b"));
    Files.writeString(directory.path().resolve("a/b/c"), "content");
    directory.close();
    assertFalse(Files.exists(directory.path()));
    directory.close();
  }
}
