package dev.rszshm.structures.internal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastLinesTest {
  private final LastLines lines = new LastLines();

  @Test
  void lastFiftyAreKept() {
    for (int i = 0; i < 1000; i++) {
      lines.add("line " + i);
    }
    List<String> kept = lines.snapshot();
    assertEquals(50, kept.size());
    assertEquals("line 950", kept.get(0));
    assertEquals("line 999", kept.get(49));
  }

  @Test
  void whatWasThrownIsKeptBeforeALongStack() {
    lines.add("Exception in thread \"main\" java.lang.StackOverflowError: deep");
    for (int i = 0; i < 1024; i++) {
      lines.add("\tat Deep.go(Deep.java:" + i + ")");
    }
    List<String> kept = lines.snapshot();
    assertTrue(kept.get(0).endsWith("StackOverflowError: deep"), kept::toString);
    assertEquals("\tat Deep.go(Deep.java:1023)", kept.get(kept.size() - 1));
    assertTrue(kept.size() < 20);
  }

  @Test
  void aDigestHasWhatStandsBeforeStacksAndTheEnds() {
    List<String> all =
        List.of(
            "begun", "note", "Exception: a", "\tat A", "\tat B", "Caused by: b", "\tat C", "...");
    assertEquals(
        List.of("begun", "…", "Exception: a", "…", "Caused by: b", "\tat C", "..."),
        LastLines.digest(all, 2));
    assertEquals(List.of("only"), LastLines.digest(List.of("only"), 2));
    assertEquals(List.of(), LastLines.digest(List.of(), 2));
  }

  @Test
  void longLinesAreBounded() {
    for (int i = 0; i < 10; i++) {
      lines.add("x".repeat(1 << 20) + i);
    }
    int length = lines.snapshot().stream().mapToInt(String::length).sum();
    assertTrue(length <= 16 * 1024, () -> length + " chars");
    assertTrue(lines.snapshot().get(0).endsWith("x9"));
  }

  @Test
  void endOfAFileIsRead(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("log"), "before\nfirst\nsecond");
    assertEquals(List.of("first", "second"), LastLines.ofFile(file, 7));
    assertEquals(List.of(), LastLines.ofFile(file, 100));
    assertEquals(List.of(), LastLines.ofFile(directory.resolve("none"), 0));
  }

  @Test
  void signalsHaveNames() {
    assertEquals(Optional.of("SIGKILL"), Signals.name(9));
    assertEquals(Optional.of("SIGTERM"), Signals.name(15));
    assertEquals(Optional.of("SIGSYS"), Signals.name(31));
    assertEquals(Optional.of("SIG34"), Signals.name(34));
    assertTrue(Signals.name(0).isEmpty());
    assertTrue(Signals.name(65).isEmpty());
  }
}
