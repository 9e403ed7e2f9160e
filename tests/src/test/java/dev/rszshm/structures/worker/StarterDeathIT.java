package dev.rszshm.structures.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a worker's starter, in each way. */
@Timeout(300)
class StarterDeathIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Starts workers on a thread that ends then, and says their process ids. */
  public static final class Starter implements WorkerJob {
    @Override
    public void run(dev.rszshm.testkit.process.WorkerContext test) throws Exception {
      List<WorkerProcess> workers = new ArrayList<>();
      Thread thread = new Thread(() -> workers.addAll(start(test.argument(0))));
      thread.start();
      thread.join();
      for (WorkerProcess worker : workers) {
        if (!test.argument(0).equals("early")) {
          worker.awaitReady(LIMIT);
        }
        test.say(worker.pid());
      }
      while (true) {
        String line = test.hear().orElseThrow();
        test.say(line + " " + workers.stream().allMatch(WorkerProcess::isAlive));
      }
    }

    private static List<WorkerProcess> start(String how) {
      WorkerSpec spec =
          WorkerSpec.of(WorkerLauncherIT.Idle.class)
              .withMaximumHeap(32 << 20)
              .withOutput(WorkerOutput.discarded())
              .outlives(how.equals("outlives"));
      return List.of(WorkerLauncher.start(spec), WorkerLauncher.start(spec));
    }
  }

  /** Starts workers in a pid namespace of its own, and is ready when they are. */
  public static final class InNamespace {
    private InNamespace() {}

    /** Starts, and says by a file that it has. */
    public static void main(String[] words) throws Exception {
      for (WorkerProcess worker : Starter.start("")) {
        worker.awaitReady(LIMIT);
      }
      Files.createFile(Path.of(words[0]));
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  private final List<ProcessHandle> seen = new ArrayList<>();

  private dev.rszshm.testkit.process.WorkerProcess start(String how) {
    dev.rszshm.testkit.process.WorkerProcess starter = WorkerJvm.of(Starter.class).start(how);
    for (int i = 0; i < 2; i++) {
      seen.add(ProcessHandle.of(Long.parseLong(starter.next())).orElseThrow());
    }
    return starter;
  }

  @AfterEach
  void endAll() {
    seen.forEach(ProcessHandle::destroyForcibly);
  }

  private void assertGone() throws Exception {
    for (ProcessHandle worker : seen) {
      worker.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void killedStarterLeavesNoWorker() throws Exception {
    try (var starter = start("ends")) {
      starter.kill();
      assertGone();
    }
  }

  @Test
  void killedStarterLeavesNoWorkerThatIsStopped() throws Exception {
    try (var starter = start("ends")) {
      for (ProcessHandle worker : seen) {
        new ProcessBuilder("kill", "-STOP", Long.toString(worker.pid())).start().waitFor();
      }
      starter.kill();
      assertGone();
    }
  }

  @Test
  void starterThatIsKilledWhileWorkersStartLeavesNone() throws Exception {
    try (var starter = start("early")) {
      starter.kill();
      assertGone();
    }
  }

  @Test
  void workersLiveOnWhenTheThreadEndsThatStartedThem() throws Exception {
    try (var starter = start("ends")) {
      assertEquals("still true", starter.ask("still"));
    }
    assertGone();
  }

  @Test
  void stoppedStarterHasItsWorkersStill() throws Exception {
    try (var starter = start("ends")) {
      starter.stop();
      awaitLooksAtStarter();
      starter.resume();
      assertEquals("again true", starter.ask("again"));
    }
    assertGone();
  }

  /** Until each worker must have looked for its starter several times. */
  private void awaitLooksAtStarter() throws Exception {
    for (ProcessHandle worker : seen) {
      long before = switches(worker);
      long limit = System.nanoTime() + LIMIT.toNanos();
      while (switches(worker) < before + 3) {
        assertTrue(System.nanoTime() < limit, "a worker does not look for its starter");
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  /** How often the thread of a worker that watches the starter has gone to sleep. */
  private static long switches(ProcessHandle worker) throws IOException {
    try (var threads = Files.list(Path.of("/proc/" + worker.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        if (name(thread).startsWith("rszshm-starter")) {
          return Files.readAllLines(thread.resolve("status")).stream()
              .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum();
        }
      }
    }
    throw new AssertionError("no thread watches the starter");
  }

  private static String name(Path thread) {
    try {
      return Files.readString(thread.resolve("comm"));
    } catch (IOException ended) {
      return ""; // threads of the JVM itself come and go
    }
  }

  @Test
  void workerThatOutlivesItsStarterGoesOn() throws Exception {
    try (var starter = start("outlives")) {
      long own = session(ProcessHandle.current().pid());
      for (ProcessHandle worker : seen) {
        assertTrue(session(worker.pid()) != own, "a worker shares the session of its starter");
      }
      starter.kill();
    }
    TimeUnit.MILLISECONDS.sleep(300);
    assertTrue(seen.stream().allMatch(ProcessHandle::isAlive));
  }

  private static long session(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
  }

  @Test
  void killedStarterLeavesNoWorkerInAPidNamespaceOfItsOwn(@TempDir Path directory)
      throws Exception {
    List<String> unshare = List.of("unshare", "-Urpf", "--kill-child", "--mount-proc");
    assumeTrue(works(unshare), "this machine makes no pid namespace");
    Path ready = directory.resolve("ready");
    List<String> command = new ArrayList<>(unshare);
    // The shell is the first process there: the end of that would end all others anyway.
    command.addAll(List.of("sh", "-c", "\"$@\" & wait; sleep 1000", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(InNamespace.class.getName(), ready.toString()));
    Process namespace = new ProcessBuilder(command).inheritIO().start();
    try {
      await("the workers are not ready", () -> Files.exists(ready));
      List<ProcessHandle> javas =
          namespace.toHandle().descendants().filter(StarterDeathIT::isJava).toList();
      ProcessHandle starter =
          javas.stream()
              .filter(java -> java.parent().map(parent -> !isJava(parent)).orElse(true))
              .findFirst()
              .orElseThrow();
      javas.stream().filter(java -> !java.equals(starter)).forEach(seen::add);
      assertEquals(2, seen.size());
      starter.destroyForcibly();
      assertGone();
      assertTrue(namespace.isAlive());
    } finally {
      namespace.descendants().forEach(ProcessHandle::destroyForcibly);
      namespace.destroyForcibly();
    }
  }

  private static boolean works(List<String> unshare) throws Exception {
    List<String> command = new ArrayList<>(unshare);
    command.add("true");
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isJava(ProcessHandle process) {
    return process.info().command().map(command -> command.endsWith("/java")).orElse(false);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(String failure, Condition condition) throws Exception {
    long limit = System.nanoTime() + LIMIT.toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < limit, failure);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }
}
