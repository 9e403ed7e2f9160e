package dev.rszshm.cli.fill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.LockSupport;

/**
 * A worker that ends processes at exact places. At the first write, a worker whose letter is named
 * in the property {@code dying} writes the first half, notes what it did in a file {@code died-L},
 * and sends a signal; then it waits to be ended. Those with other letters do not begin before each
 * of these notes is there, so that every one of the dying comes to claim something.
 */
public final class DyingWorker extends FillWorker {
  private static final long PERIOD_NANOS = 1_000_000;

  @Override
  protected Work decorate(Work work, char letter) {
    Path directory = Path.of(System.getProperty("dying.directory"));
    String dying = System.getProperty("dying");
    note(directory.resolve("pid-" + letter), Long.toString(ProcessHandle.current().pid()));
    if (Files.exists(directory.resolve("died-" + letter))) {
      return work; // started again, to repair
    }
    return dying.indexOf(letter) >= 0
        ? (index, length) -> die(work, directory.resolve("died-" + letter), index, length)
        : (index, length) -> {
          await(directory, dying);
          work.write(index, length);
        };
  }

  private static void die(Work work, Path note, long index, long length) {
    work.write(index, length / 2);
    note(note, index + length / 2 + "-" + (index + length - 1));
    boolean parent = Boolean.getBoolean("dying.parent");
    ProcessHandle self = ProcessHandle.current();
    long victim = parent ? self.parent().orElseThrow().pid() : self.pid();
    String signal = System.getProperty("dying.signal", "KILL");
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(victim)).start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    while (true) {
      LockSupport.park();
    }
  }

  private static void await(Path directory, String dying) {
    for (int i = 0; i < dying.length(); i++) {
      while (!Files.exists(directory.resolve("died-" + dying.charAt(i)))) {
        LockSupport.parkNanos(PERIOD_NANOS);
      }
    }
  }

  private static void note(Path file, String text) {
    try {
      Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
      Files.writeString(unfinished, text);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
