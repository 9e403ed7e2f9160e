package dev.rszshm.structures.worker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.tests.Storm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many starts leave behind. */
@Timeout(1800) // a thousand starts take seven minutes where nothing else runs
class WorkerLeakIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int STARTS = Storm.count(20, 1000);
  private static final int AT_A_TIME = 2;

  /** Has nothing to do. */
  public static final class Nothing implements WorkerBody {
    @Override
    public void run(WorkerContext context) {
      System.out.println("done");
    }
  }

  @Test
  void startsLeaveNoDescriptorThreadMappingOrFile() throws Exception {
    WorkerSpec spec =
        WorkerSpec.of(Nothing.class).withMaximumHeap(32 << 20).withOutput(WorkerOutput.discarded());
    run(spec, 4);
    Census before = Census.take();
    for (int i = 0; i < STARTS; i += AT_A_TIME) {
      run(spec, AT_A_TIME);
    }
    long limit = System.nanoTime() + LIMIT.toNanos();
    Census after = Census.take();
    while (!after.isLike(before)) {
      assertTrue(System.nanoTime() < limit, "before: " + before + ", after: " + after);
      TimeUnit.MILLISECONDS.sleep(20); // threads of the JDK go when they had nothing to do
      after = Census.take();
    }
  }

  private static void run(WorkerSpec spec, int count) throws InterruptedException {
    List<WorkerProcess> workers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      workers.add(WorkerLauncher.start(spec));
    }
    for (WorkerProcess worker : workers) {
      try (worker) {
        assertTrue(worker.awaitReady(LIMIT));
        WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
        assertTrue(exit.isSuccess(), exit::toString);
      }
    }
  }

  private record Census(long descriptors, long threads, long mappings, List<String> files) {
    /** The heap of a JVM grows by mappings of its own. */
    private static final int OWN_MAPPINGS = 24;

    static Census take() throws IOException {
      return new Census(
          count("fd"),
          Thread.getAllStackTraces().keySet().stream()
              .map(Thread::getName)
              .filter(name -> name.matches("(output|errors)-of-.*|process reaper.*|rszshm.*"))
              .count(),
          Files.readAllLines(Path.of("/proc/self/maps")).size(),
          startFiles());
    }

    private static long count(String what) throws IOException {
      try (var entries = Files.list(Path.of("/proc/self/" + what))) {
        return entries.count();
      }
    }

    private static List<String> startFiles() throws IOException {
      try (var entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
        return entries
            .map(path -> path.getFileName().toString())
            .filter(name -> name.startsWith("rszshm-worker"))
            .sorted()
            .toList();
      }
    }

    boolean isLike(Census before) {
      return descriptors <= before.descriptors
          && threads <= before.threads
          && before.files.containsAll(files)
          && mappings <= before.mappings + OWN_MAPPINGS;
    }
  }
}
