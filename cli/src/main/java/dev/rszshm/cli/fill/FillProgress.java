package dev.rszshm.cli.fill;

import dev.rszshm.cli.Amounts;
import dev.rszshm.cli.Terminal;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A line that shows how far the workers have come, redrawn until it is closed, then wiped. */
final class FillProgress implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;
  private static final int BAR_LENGTH = 40;
  private static final String WIPE = "\r\033[K";

  private final @Nullable Thread drawing;

  private FillProgress(@Nullable Thread drawing) {
    this.drawing = drawing;
  }

  /** Shows nothing. */
  static FillProgress none() {
    return new FillProgress(null);
  }

  /** Shows it if standard error is a terminal. */
  static FillProgress onTerminal(Heap heap, long total) {
    if (!Terminal.isStandardError() || total == 0) {
      return none();
    }
    Thread drawing = new Thread(() -> draw(heap, total, System.err), "progress");
    drawing.setDaemon(true);
    drawing.start();
    return new FillProgress(drawing);
  }

  private static void draw(Heap heap, long total, PrintStream out) {
    FillLayout layout = FillLayout.of(heap);
    try {
      while (true) {
        out.print("\r" + line(Math.min(total, layout.claimed(heap)), total));
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

  /** The line for so many bytes claimed. */
  static String line(long claimed, long total) {
    int cells = (int) (claimed * BAR_LENGTH / total);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d %% of %s",
        "#".repeat(cells),
        "-".repeat(BAR_LENGTH - cells),
        claimed * 100 / total,
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
