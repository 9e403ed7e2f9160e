package dev.rszshm.structures.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a listener prints is a sentence. */
class WorkerReportsTest {
  @Test
  void startsAndDeathsAreSentences() {
    assertEquals(
        "worker texts-1 (pid 7) of the pool \"texts\" was ready after 250 ms",
        new WorkerStart("texts", "texts-1", 7, Duration.ofMillis(250)).toString());
    assertEquals(
        "worker texts-1 (pid 7) of the pool \"texts\" has died",
        new WorkerDeath("texts", "texts-1", 7, Optional.empty()).toString());
  }
}
