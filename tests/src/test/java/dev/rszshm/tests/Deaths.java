package dev.rszshm.tests;

import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.testkit.process.WorkerSupply;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Goes through all deaths of an operation of {@link DyingJob}. */
final class Deaths {
  private Deaths() {}

  /** What surrounds one death. */
  interface Scene {
    /** Looks while the dying process stands still at its place. */
    default void beforeTheKill() throws Exception {}

    /** Looks when it has been killed. */
    void afterTheKill() throws Exception;
  }

  /**
   * Records the steps, then dies after each number of them.
   *
   * @param scene makes the scene of one death, and the heap that belongs to it, at a path
   * @return the steps
   */
  static List<String> each(String operation, Path directory, Function<Path, Scene> scene)
      throws Exception {
    try (WorkerSupply victims = new WorkerSupply(DyingJob.JVM)) {
      List<String> steps = record(operation, directory.resolve("recorded"), scene, victims);
      int rounds = Storm.count(1, 20);
      for (int death = 0; death <= steps.size() * rounds + rounds - 1; death++) {
        int done = death % (steps.size() + 1);
        Path path = directory.resolve(operation + "-" + death);
        die(operation, path, done, scene.apply(path), victims);
      }
      System.out.printf("%s: %d deaths, steps %s%n", operation, (steps.size() + 1) * rounds, steps);
      return steps;
    }
  }

  private static List<String> record(
      String operation, Path path, Function<Path, Scene> scene, WorkerSupply victims)
      throws Exception {
    Scene recorded = scene.apply(path);
    try (WorkerProcess worker = victims.next(operation, path, -1)) {
      List<String> steps = List.of(worker.next().split(","));
      worker.kill();
      recorded.afterTheKill();
      return steps;
    }
  }

  private static void die(String operation, Path path, int done, Scene scene, WorkerSupply victims)
      throws Exception {
    String where = "after " + done + " steps";
    try (WorkerProcess victim = victims.next(operation, path, done)) {
      where = victim.awaitDying();
      scene.beforeTheKill();
      victim.kill();
      scene.afterTheKill();
    } catch (Throwable e) {
      throw new AssertionError(operation + ", killed " + where + ": " + e.getMessage(), e);
    }
  }
}
