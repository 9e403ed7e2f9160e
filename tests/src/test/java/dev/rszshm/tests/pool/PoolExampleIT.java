package dev.rszshm.tests.pool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.examples.ReversedTexts;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of a pool does what it says, in processes of its own. */
@Timeout(300)
class PoolExampleIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir(factory = InMemory.class)
  Path directory;

  @Test
  void textsAreReversedAndADeathIsSaid() {
    List<String> command = WorkerJvm.commandOf(ReversedTexts.class);
    command.addAll(List.of(directory.resolve("heap").toString(), "stressed", "die", "abc"));
    try (WorkerProcess process = WorkerProcess.start(LIMIT, command)) {
      process.expect("desserts");
      String death = process.next();
      assertTrue(death.startsWith("3 workers have died of the task"), death);
      assertTrue(death.endsWith("ended with exit status 1"), death);
      process.expect("cba");
      process.awaitSuccess();
    }
  }
}
