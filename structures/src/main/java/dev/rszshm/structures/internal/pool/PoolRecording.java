package dev.rszshm.structures.internal.pool;

import java.time.Duration;
import jdk.jfr.FlightRecorder;

/**
 * Records for Flight Recorder what becomes of the workers of a pool, where this JVM has it and this
 * module may use it.
 */
public final class PoolRecording {
  private static final boolean FLIGHT_RECORDER =
      ModuleLayer.boot()
          .findModule("jdk.jfr")
          .filter(PoolRecording.class.getModule()::canRead)
          .isPresent();

  private PoolRecording() {}

  /** Whether this JVM has a recorder already: the first event that is touched would make one. */
  private static boolean isRecorded() {
    return FLIGHT_RECORDER && FlightRecorder.isInitialized();
  }

  /** Records that a worker has started. */
  public static void started(String heap, String pool, String worker, long pid, Duration time) {
    if (isRecorded()) {
      Events.started(heap, pool, worker, pid, time);
    }
  }

  /** Records that a worker has died. */
  public static void died(String heap, String pool, String worker, long pid, String how) {
    if (isRecorded()) {
      Events.died(heap, pool, worker, pid, how);
    }
  }

  /** Apart, so that no event is loaded where there is no recorder. */
  private static final class Events {
    static void started(String heap, String pool, String worker, long pid, Duration time) {
      WorkerStartEvent event = new WorkerStartEvent();
      if (event.shouldCommit()) {
        event.heap = heap;
        event.pool = pool;
        event.worker = worker;
        event.pid = pid;
        event.time = time.toNanos();
        event.commit();
      }
    }

    static void died(String heap, String pool, String worker, long pid, String how) {
      WorkerDeathEvent event = new WorkerDeathEvent();
      if (event.shouldCommit()) {
        event.heap = heap;
        event.pool = pool;
        event.worker = worker;
        event.pid = pid;
        event.how = how;
        event.commit();
      }
    }
  }
}
