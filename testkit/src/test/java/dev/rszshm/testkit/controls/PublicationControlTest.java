package dev.rszshm.testkit.controls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.Simulation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Data in word 0, and a flag in word 1 that says that it is there. */
class PublicationControlTest {
  private static final long DATA = 7;

  @AfterAll
  static void printTheTable() {
    Control.print();
  }

  private static final ProcessBody WRITER =
      p -> {
        p.memory().putLong(p.word(0), DATA);
        p.memory().putLongRelease(p.word(1), 1);
      };
  private static final ProcessBody READER =
      p -> readIf(p.memory(), p.memory().getLongAcquire(p.word(1)), p.word(0));

  private static void readIf(Memory memory, long flag, long data) {
    if (flag == 1) {
      assertEquals(DATA, memory.getLong(data), "data");
    }
  }

  private static Simulation publishing(ProcessBody writer, ProcessBody reader) {
    return Simulation.ofWords(2)
        .scenario(s -> s.process("writer", writer).process("reader", reader));
  }

  @Test
  void aFlagBeforeItsDataIsSeenWithoutThem() {
    ProcessBody flagFirst =
        p -> {
          p.memory().putLongRelease(p.word(1), 1);
          p.memory().putLong(p.word(0), DATA);
        };
    new Control(
            "publication: flag before data",
            publishing(flagFirst, READER),
            publishing(WRITER, READER))
        .mustFail("data ==> expected: <7> but was: <0>", "A B2");
  }

  @Test
  void aFlagWithoutReleaseIsFoundByStaleLoadsOnly() {
    ProcessBody opaqueFlag =
        p -> {
          p.memory().putLong(p.word(0), DATA);
          p.memory().putLongOpaque(p.word(1), 1);
        };
    foundByStaleLoadsOnly(
        "publication: flag without release",
        publishing(opaqueFlag, READER),
        publishing(WRITER, READER));
  }

  @Test
  void aReaderWithoutAcquireIsFoundByStaleLoadsOnly() {
    ProcessBody opaqueReader =
        p -> readIf(p.memory(), p.memory().getLongOpaque(p.word(1)), p.word(0));
    foundByStaleLoadsOnly(
        "publication: reader without acquire",
        publishing(WRITER, opaqueReader),
        publishing(WRITER, READER));
  }

  @Test
  void aFenceOnOneSideOnlyIsFoundByStaleLoadsOnly() {
    ProcessBody fencedWriter =
        p -> {
          p.memory().putLong(p.word(0), DATA);
          p.memory().releaseFence();
          p.memory().putLongOpaque(p.word(1), 1);
        };
    ProcessBody opaqueReader =
        p -> readIf(p.memory(), p.memory().getLongOpaque(p.word(1)), p.word(0));
    ProcessBody fencedReader =
        p -> {
          long flag = p.memory().getLongOpaque(p.word(1));
          p.memory().acquireFence();
          readIf(p.memory(), flag, p.word(0));
        };
    Simulation broken = publishing(fencedWriter, opaqueReader);
    assertTrue(broken.explore().complete());
    new Control(
            "publication: fence at the writer only",
            broken.staleLoads(1),
            publishing(fencedWriter, fencedReader).staleLoads(1))
        .mustFail("data ==> expected: <7> but was: <0>", "A3 B2 B~1");
  }

  private static void foundByStaleLoadsOnly(String name, Simulation broken, Simulation correct) {
    assertTrue(broken.explore().complete(), "every load gets the last value: nothing is wrong");
    new Control(name, broken.staleLoads(1), correct.staleLoads(1))
        .mustFail("data ==> expected: <7> but was: <0>", "A2 B2 B~1");
  }
}
