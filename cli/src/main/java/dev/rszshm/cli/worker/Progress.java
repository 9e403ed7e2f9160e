package dev.rszshm.cli.worker;

import dev.rszshm.cli.Amounts;
import dev.rszshm.cli.Terminal;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A line that shows how far the workers have come, redrawn until it is closed, then wiped. */
public final class Progress implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;
  private static final int BAR_LENGTH = 40;
  private static final String WIPE = "\r\033[K";

  private final @Nullable Thread drawing;

  private Progress(@Nullable Thread drawing) {
    this.drawing = drawing;
  }

  /** Shows nothing. */
  public static Progress none() {
    return new Progress(null);
  }

  /**
   * Shows it if standard error is a terminal.
   *
   * @param done the bytes done; throws {@link IllegalStateException} once the heap is closed
   */
  public static Progress onTerminal(LongSupplier done, long total) {
    if (!Terminal.isStandardError() || total == 0) {
      return none();
    }
    Thread drawing = new Thread(() -> draw(done, total, System.err), "progress");
    drawing.setDaemon(true);
    drawing.start();
    return new Progress(drawing);
  }

  private static void draw(LongSupplier done, long total, PrintStream out) {
    try {
      while (true) {
        out.print("\r" + line(Math.min(total, done.getAsLong()), total));
        out.flush();
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException closed) {
      out.print(WIPE);
      out.flush();
    } catch (IllegalStateException closedHeap) {
      return;
    }
  }

  /** The line for so many bytes done. */
  static String line(long done, long total) {
    int cells = (int) (done * BAR_LENGTH / total);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d %% of %s",
        "#".repeat(cells),
        "-".repeat(BAR_LENGTH - cells),
        done * 100 / total,
        Amounts.shortBytes((double) total));
  }

  @Override
  public void close() {
    if (drawing == null) {
      return;
    }
    drawing.interrupt();
    boolean interrupted = false;
    while (drawing.isAlive()) {
      try {
        drawing.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
