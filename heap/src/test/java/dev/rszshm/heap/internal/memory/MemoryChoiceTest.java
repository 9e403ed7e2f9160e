package dev.rszshm.heap.internal.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.spi.Memory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

class MemoryChoiceTest {
  private static final int HERE = Runtime.version().feature();

  @TempDir Path directory;

  /** Asks twice for the memory of its JVM and prints each answer. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      for (int i = 0; i < 2; i++) {
        try {
          System.out.println("got " + Memory.host().getClass().getSimpleName());
        } catch (RuntimeException e) {
          System.out.println(e);
        }
      }
    }
  }

  @Test
  void hostIsAlwaysTheSame() {
    assertSame(Memory.host(), Memory.host());
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_23)
  void olderJvmsUseUnsafe() {
    assertInstanceOf(UnsafeMemory.class, MemoryChoice.choose(null, HERE));
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_24)
  void newerJvmsUseSegments() {
    assertInstanceOf(SegmentMemory.class, MemoryChoice.choose(null, HERE));
  }

  @Test
  void propertyOverridesTheVersion() throws Exception {
    ForkedJvm.Result result = ask("-Ddev.rszshm.memory=unsafe");
    assertTrue(result.output().contains("got UnsafeMemory"), result.output());
  }

  @Test
  void unknownNameIsRefusedWithTheKnownOnes() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> MemoryChoice.choose("safe", HERE));
    assertEquals(
        "-Ddev.rszshm.memory=safe: expected 'unsafe' or 'segment';"
            + " without the property the JDK's version decides",
        e.getMessage());
  }

  @Test
  void segmentsAreRefusedWhereThereAreNone() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> MemoryChoice.choose("segment", 21));
    assertEquals(
        "-Ddev.rszshm.memory=segment needs JDK 22 or later, this is JDK 21: remove the property",
        e.getMessage());
  }

  @Test
  void everyCallerGetsTheSameClearError() throws Exception {
    ForkedJvm.Result result = ask("-Ddev.rszshm.memory=safe");
    assertEquals(2, result.output().split("=safe: expected 'unsafe' or", -1).length - 1);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_24)
  void deniedNativeAccessNamesTheFlag() throws Exception {
    ForkedJvm.Result result = ask("--illegal-native-access=deny");
    assertEquals(
        2,
        result.output().split("start it with --enable-native-access=ALL-UNNAMED", -1).length - 1,
        result.output());
  }

  private ForkedJvm.Result ask(String flag) throws Exception {
    return ForkedJvm.run(directory, List.of(flag), Main.class);
  }
}
