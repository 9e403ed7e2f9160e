package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schedule that is in a file while a run is under way. */
class ScheduleFileTest {
  @TempDir Path directory;

  @Test
  void aRunThatDoesNotComeBackIsReplayedFromItsFile() throws Exception {
    Path file = directory.resolve("schedule");
    String[] atTheAbort = {null};
    Simulation simulation =
        Simulation.ofWords(2)
            .scenario(
                s -> {
                  s.process("one", p -> p.memory().putLong(p.word(0), 1));
                  s.process(
                      "two",
                      p -> {
                        p.memory().getLong(p.word(1));
                        if (p.memory().getLong(p.word(0)) == 1 && atTheAbort[0] == null) {
                          // Here a JVM might be killed: what the file says is what there is.
                          atTheAbort[0] = Schedule.ofFile(file).toString();
                        }
                      });
                });
    simulation.keepingScheduleIn(file).explore();
    assertEquals("A B2", atTheAbort[0]);
    assertTrue(simulation.replay(atTheAbort[0]).toString().startsWith("A B2"));
  }

  @Test
  void anyOtherFileIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("other"), "nothing of the kind");
    assertThrows(IOException.class, () -> Schedule.ofFile(file));
    assertThrows(
        IOException.class, () -> Schedule.ofFile(Files.createFile(directory.resolve("empty"))));
  }
}
