package dev.rszshm.testkit.process;

import dev.rszshm.heap.spi.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The main class of every worker JVM.
 *
 * <p>A worker never outlives its test: when its standard input ends, its parent has died, and it
 * halts; and it halts when its lifetime is over.
 */
final class WorkerMain {
  /** Load what a job with a heap needs while there is nothing to do yet. */
  static final String AHEAD = "ahead";

  /** The job begins at once. */
  static final String AT_ONCE = "at-once";

  private static final int ORPHANED = 120;
  private static final int TOO_OLD = 121;

  private WorkerMain() {}

  /**
   * Runs a job as soon as the test says so.
   *
   * @param args lifetime in milliseconds, class of the job, {@link #AHEAD} or {@link #AT_ONCE}
   */
  public static void main(String[] args) {
    PrintStream out = System.out;
    // What a job or a library prints is for people to read, and not for the protocol.
    System.setOut(System.err);
    WorkerLine line = new WorkerLine();
    daemon("worker-lifetime", () -> haltAfter(Long.parseLong(args[0])));
    daemon("worker-input", () -> listen(line));
    int status = 0;
    try {
      WorkerJob job =
          Class.forName(args[1]).asSubclass(WorkerJob.class).getDeclaredConstructor().newInstance();
      if (args[2].equals(AHEAD)) {
        Platform.host();
      }
      WorkerContext context = new WorkerContext(line.begun.get(), line, out);
      context.say(WorkerContext.BEGUN);
      job.run(context);
    } catch (Throwable e) {
      e.printStackTrace();
      status = 1;
    }
    if (status != 0 || othersRun()) {
      System.exit(status);
    }
    // Exiting would give the thread that listens, in native code, 300 ms to come back. Returning
    // does not.
  }

  private static boolean othersRun() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(t -> t != Thread.currentThread() && !t.isDaemon());
  }

  private static void daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void haltAfter(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(TOO_OLD);
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // the parent collects standard error
  private static void listen(WorkerLine heard) {
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        heard.take(line);
      }
    } catch (IOException e) {
      e.printStackTrace();
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
