package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Stops other processes than those of the kit. */
final class StoppedProcess {
  private StoppedProcess() {}

  /** Stops a process, and returns when all of its threads stand still. */
  static void stop(long pid) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor());
    while (!WorkerProcess.isStopped(pid)) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
