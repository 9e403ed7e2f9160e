package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Reads one stream of a worker to its end, on a thread of its own, so that nobody but this worker
 * waits for whoever takes the lines.
 */
public final class OutputPump {
  private static final System.Logger LOGGER =
      System.getLogger("dev.rszshm.structures.worker.WorkerOutput");
  private static final int BUFFER_LENGTH = 8192;
  private static final long STACK_LENGTH = 256 * 1024;

  private final InputStream stream;
  private final Consumer<String> kept;
  private final Consumer<String> lines;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private boolean refused;

  private OutputPump(InputStream stream, Consumer<String> kept, Consumer<String> lines) {
    this.stream = stream;
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
   * @return completed at the end of the stream, when all lines have been taken
   */
  public static CompletableFuture<Void> start(
      InputStream stream,
      int longestLine,
      String kind,
      long pid,
      Consumer<String> kept,
      Consumer<String> lines) {
    OutputPump pump = new OutputPump(stream, kept, lines);
    Thread thread = new PumpThread(() -> pump.run(longestLine), kind + pid, pid);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return pump.end;
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
    try (stream) {
      int count = stream.read(buffer);
      while (count >= 0) {
        splitter.take(buffer, count);
        count = stream.read(buffer);
      }
    } catch (IOException e) {
      // The stream of a process that was killed may close under its reader: that is its end.
      LOGGER.log(System.Logger.Level.DEBUG, "the output of a worker has ended early", e);
    }
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
