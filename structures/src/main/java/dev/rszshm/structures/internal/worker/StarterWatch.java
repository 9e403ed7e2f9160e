package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.locks.LockSupport;

/** Ends this worker when its starter has ended; see {@link StartFile}. */
final class StarterWatch implements Runnable {
  private static final int ORPHANED = 120;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final long STACK_LENGTH = 256 * 1024;

  private final RandomAccessFile file;
  private final long starter;

  private StarterWatch(RandomAccessFile file, long starter) {
    this.file = file;
    this.starter = starter;
  }

  /** Watches from now on. */
  static void start(RandomAccessFile file, long starter) {
    Thread thread =
        new Thread(null, new StarterWatch(file, starter), "rszshm-starter", STACK_LENGTH, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  @Override
  public void run() {
    try {
      awaitEnd();
    } catch (IOException e) {
      System.getLogger("dev.rszshm.structures.worker.WorkerBody")
          .log(System.Logger.Level.ERROR, "the starter cannot be watched: this worker ends", e);
    }
    Runtime.getRuntime().halt(ORPHANED);
  }

  private void awaitEnd() throws IOException {
    while (!StartFile.isHeld(file)) {
      if (ProcessHandle.of(starter).isEmpty()) {
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    StartFile.awaitRelease(file);
  }
}
