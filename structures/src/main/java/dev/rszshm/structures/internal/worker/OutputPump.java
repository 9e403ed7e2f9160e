package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/*
 * Reads what a worker writes to one of its streams.
 *
 * Layout
 * ------
 * Objects of this process only: whether the worker has ended, and whether the thread is about to read, in the monitor of this.
 *
 * Protocol
 * --------
 * thread: 1 has the worker ended, and is nothing of it left in the pipe? Then end. If not, note that this reads; 2 read, and wait for
 * that; 3 note that this does not read; hand the lines over; on at 1.
 * whoever hears that the worker has ended: 4 note it; if the thread reads and there is nothing, close the pipe, which ends 2.
 * What is in the pipe at the first 1 after 4 is all that the worker can have written; a process that it has left may write on, and
 * gets an error once this has ended.
 *
 * If a process dies here
 * ----------------------
 * The worker: 4. This one: the worker gets an error when it writes, and ends for other reasons.
 */

/**
 * Reads one stream of a worker until that has ended, on a thread of its own, so that nobody but
 * this worker waits for whoever takes the lines.
 */
public final class OutputPump {
  private static final System.Logger LOGGER =
      System.getLogger("dev.rszshm.structures.worker.WorkerOutput");
  private static final int BUFFER_LENGTH = 8192;
  private static final long STACK_LENGTH = 256 * 1024;

  private final OutputPipe pipe;
  private final Consumer<String> kept;
  private final Consumer<String> lines;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private boolean refused;

  // In the monitor of this object.
  private boolean ended;
  private boolean reading;

  private OutputPump(OutputPipe pipe, Consumer<String> kept, Consumer<String> lines) {
    this.pipe = pipe;
    this.kept = kept;
    this.lines = lines;
  }

  /**
   * Starts to read.
   *
   * @param kind what the thread is named, before the process id
   * @param pid the process that writes
   * @param kept gets each line first
   * @param lines gets each line then, until it throws
   */
  public static OutputPump start(
      OutputPipe pipe,
      int longestLine,
      String kind,
      long pid,
      Consumer<String> kept,
      Consumer<String> lines) {
    OutputPump pump = new OutputPump(pipe, kept, lines);
    Thread thread = new PumpThread(() -> pump.run(longestLine), kind + pid, pid);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return pump;
  }

  /** Returns a future that is completed when all lines have been taken. */
  public CompletableFuture<Void> end() {
    return end;
  }

  /** Says that the worker has ended. */
  public synchronized void workerEnded() {
    ended = true;
    if (reading && pipe.available() == 0) {
      pipe.close();
    }
  }

  /** A thread that reads what one process writes. */
  private static final class PumpThread extends Thread {
    final long pid;

    PumpThread(Runnable body, String name, long pid) {
      super(null, body, name, STACK_LENGTH, false);
      this.pid = pid;
    }
  }

  /** Returns the process whose output the current thread reads; empty if it reads none. */
  public static OptionalLong current() {
    return Thread.currentThread() instanceof PumpThread
        ? OptionalLong.of(((PumpThread) Thread.currentThread()).pid)
        : OptionalLong.empty();
  }

  private void run(int longestLine) {
    try {
      LineSplitter splitter = new LineSplitter(longestLine, this::hand);
      read(splitter);
      splitter.end();
    } finally {
      end.complete(null);
    }
  }

  private void read(LineSplitter splitter) {
    byte[] buffer = new byte[BUFFER_LENGTH];
    int rest = Integer.MAX_VALUE;
    try (pipe) {
      while (rest > 0) {
        int most = begin(Math.min(rest, BUFFER_LENGTH));
        int count = most == 0 ? -1 : pipe.read(buffer, most);
        boolean over = stop();
        if (count < 0) {
          return;
        }
        splitter.take(buffer, count);
        if (over) {
          rest = rest == Integer.MAX_VALUE ? pipe.available() : rest - count;
        }
      }
    } catch (IOException e) {
      // The pipe was closed, as the worker has ended.
      LOGGER.log(System.Logger.Level.DEBUG, "the output of a worker has ended", e);
    }
  }

  /** Is about to read; returns how much at most, 0 if the worker has ended and left nothing. */
  private synchronized int begin(int most) {
    reading = true;
    return ended ? Math.min(most, pipe.available()) : most;
  }

  /** Has read; returns whether the worker had ended before. */
  private synchronized boolean stop() {
    reading = false;
    return ended;
  }

  /** Hands a line over. Whoever throws gets no more, and the worker can go on writing. */
  private void hand(String line) {
    kept.accept(line);
    if (refused) {
      return;
    }
    try {
      lines.accept(line);
    } catch (Throwable failure) {
      refused = true;
      LOGGER.log(
          System.Logger.Level.WARNING,
          "whoever takes the output of a worker has failed, and gets no more of it",
          failure);
    }
  }
}
