package dev.rszshm.cli.wordcount;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.structures.pool.WorkerPreparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends workers at exact places. Those whose letters are named in the property {@code dying} kill
 * themselves, or their parent, before a step of a kind: the {@code dying.number}-th of the kind
 * {@code dying.step}. The others take no such step before all of them have left a note {@code
 * died-L}.
 */
public final class StoppingPreparation implements WorkerPreparation {
  private static final long PERIOD_NANOS = 1_000_000;

  private final Path directory = Path.of(System.getProperty("dying.directory"));
  private final String dying = System.getProperty("dying");
  private final SharedCount.Step fatal =
      SharedCount.Step.valueOf(System.getProperty("dying.step", "PUBLISH"));
  private int left = Integer.getInteger("dying.number", 1);
  private boolean begun;

  @Override
  public void prepare(String worker, Allocator allocator) {
    String letter = WordCountWorkers.letter(worker);
    note("heap-" + letter, allocator.heap().path().toString());
    if (System.getProperty("dying.early", "").contains(letter)) {
      end();
    }
    CountingProcess.prepare(step -> before(step, letter));
  }

  private void before(SharedCount.Step step, String letter) {
    if (!begun) {
      begun = true;
      note("pid-" + letter, Long.toString(ProcessHandle.current().pid()));
    }
    if (step != fatal) {
      return;
    }
    if (!dying.contains(letter)) {
      dying.chars().forEach(other -> await("died-" + (char) other));
    } else if (--left == 0) {
      note("died-" + letter, step.toString());
      end();
    }
  }

  private static void end() {
    ProcessHandle self = ProcessHandle.current();
    boolean parent = Boolean.getBoolean("dying.parent");
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

  private void await(String name) {
    while (!Files.exists(directory.resolve(name))) {
      LockSupport.parkNanos(PERIOD_NANOS);
    }
  }

  private void note(String name, String text) {
    try {
      Path unfinished = directory.resolve(name + ".tmp");
      Files.writeString(unfinished, text);
      Files.move(unfinished, directory.resolve(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
