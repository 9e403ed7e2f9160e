package dev.rszshm.cli.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long TOTAL = 1 << 20;

  @Test
  void progressIsABar() {
    assertEquals("[" + "-".repeat(40) + "]   0 % of 1.0 MiB", Progress.line(0, TOTAL));
    assertEquals(
        "[" + "#".repeat(20) + "-".repeat(20) + "]  50 % of 1.0 MiB",
        Progress.line(TOTAL / 2, TOTAL));
    assertEquals("[" + "#".repeat(40) + "] 100 % of 1.0 MiB", Progress.line(TOTAL, TOTAL));
  }
}
