package dev.rszshm.testkit.process;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** What a worker has heard from its test so far; one thread of its own listens. */
final class WorkerLine {
  /** The arguments, when the job may begin. */
  final CompletableFuture<List<String>> begun = new CompletableFuture<>();

  /** Lines for the job; an empty one says that there are no more. */
  final BlockingQueue<Optional<String>> heard = new LinkedBlockingQueue<>();

  /** Steps up to the death of the process. */
  final AtomicLong stepsLeft = Countdown.unset();

  /** Steps up to where the process is stopped. */
  final AtomicLong stepsToStop = Countdown.unset();

  /** Has a permit when a process that was stopped may take its next step. */
  final Semaphore continued = new Semaphore(0);

  /** Holds the threads of the job while the test wants it to rest. */
  final Pause pause = new Pause();

  private volatile boolean dismissed;

  /** Whether the test wants no more. */
  boolean isDismissed() {
    return dismissed;
  }

  void take(String line) {
    if (line.equals(ControlLine.NO_MORE)) {
      dismissed = true;
      pause.end();
      heard.add(Optional.empty());
    } else if (ControlLine.isBegin(line)) {
      begun.complete(ControlLine.arguments(line));
    } else if (ControlLine.isDieAfter(line)) {
      stepsLeft.set(ControlLine.steps(line));
    } else if (ControlLine.isStopAfter(line)) {
      stepsToStop.set(ControlLine.steps(line));
    } else if (line.equals(ControlLine.PAUSE)) {
      pause.begin();
    } else if (line.equals(ControlLine.END_PAUSE)) {
      pause.end();
    } else if (line.equals(ControlLine.GO_ON)) {
      continued.release();
    } else {
      heard.add(Optional.of(line));
    }
  }
}
