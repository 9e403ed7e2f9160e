package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Stops other processes with SIGSTOP, of which each thread notices it when it comes to run. */
final class StoppedProcess {
  private StoppedProcess() {}

  /** Stops a process, and returns when all of its threads stand still. */
  static void stop(long pid) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor());
    while (!stands(Path.of("/proc/" + pid + "/task"))) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean stands(Path threads) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        String state = Files.readString(thread.resolve("stat"));
        if (state.charAt(state.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false; // a thread has ended meanwhile
    }
  }
}
