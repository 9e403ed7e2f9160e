package dev.rszshm.structures.internal.worker;

import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.internal.os.LinuxSystemCalls;
import dev.rszshm.heap.internal.os.OwnProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/*
 * The thread of a worker that ends it when its starter has ended. It has two ways, since neither will always do.
 *
 * 1 The kernel kills the worker (PR_SET_PDEATHSIG). That is at once, also while the worker is stopped. It happens when
 *   the thread ends that has started the worker, so the starter has one for that, which lives as long as it does
 *   (Starter). And it is the matter of the thread that has asked for it, which is therefore this one. It needs the
 *   native library, and comes too late where the starter ends before.
 * 2 This thread tries to take the lock that the starter holds on their common file (StartFile). That needs nothing, and
 *   finds a starter that ended before, or is in another pid namespace. It is not held up while this JVM is.
 *
 * A worker leaves the session of its starter, so that a key that interrupts the starter, or the end of its terminal,
 * is the starter's matter alone.
 */
final class StarterWatch implements Runnable {
  private static final System.Logger.Level QUIET = System.Logger.Level.DEBUG;
  private static final int ORPHANED = 120;
  private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long STACK_LENGTH = 512 * 1024;

  private final RandomAccessFile file;
  private final long starter;
  private final boolean ends;
  private final CountDownLatch settled = new CountDownLatch(1);

  private StarterWatch(RandomAccessFile file, long starter, boolean ends) {
    this.file = file;
    this.starter = starter;
    this.ends = ends;
  }

  /**
   * Settles this process as a worker.
   *
   * @param ends whether it ends with its starter, and is watched from now on
   */
  static StarterWatch start(RandomAccessFile file, long starter, boolean ends) {
    StarterWatch watch = new StarterWatch(file, starter, ends);
    Thread thread = new Thread(null, watch, "rszshm-starter", STACK_LENGTH, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return watch;
  }

  /** Waits until this process is settled, which is before it says that it is ready. */
  void awaitSettled() {
    boolean interrupted = false;
    while (true) {
      try {
        settled.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try {
      settle(ends);
    } catch (Throwable failure) {
      // Whatever it was: the end of the starter still is to be noticed.
      logger().log(System.Logger.Level.WARNING, "the kernel cannot be asked", failure);
    } finally {
      settled.countDown();
    }
    if (!ends) {
      return;
    }
    try {
      awaitEnd();
    } catch (IOException e) {
      logger().log(System.Logger.Level.ERROR, "the starter cannot be watched: this worker ends", e);
    } finally {
      Runtime.getRuntime().halt(ORPHANED);
    }
  }

  /** Does without what the system does not give. */
  static void settle(boolean ends) {
    try {
      OwnProcess process = LinuxSystemCalls.ownProcess();
      if (ends && !process.endWithParent()) {
        logger().log(QUIET, "the kernel does not end this worker with its starter");
      }
      if (!process.leaveSession()) {
        logger().log(QUIET, "this worker stays in the session of its starter");
      }
    } catch (HeapException e) {
      logger().log(QUIET, "no native library: the end of the starter is noticed later", e);
    }
  }

  private void awaitEnd() throws IOException {
    while (!StartFile.isHeld(file)) {
      if (ProcessHandle.of(starter).isEmpty()) {
        return;
      }
      LockSupport.parkNanos(START_NANOS);
    }
    while (!StartFile.isReleased(file)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static System.Logger logger() {
    return System.getLogger("dev.rszshm.structures.worker.WorkerBody");
  }
}
