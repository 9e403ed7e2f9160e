package dev.rszshm.testkit.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that kill themselves at a step the test has chosen. */
class SelfKillIT {
  private static final int WORDS = 20;
  private static final WorkerJvm WRITER = WorkerJvm.of(Writer.class);

  @TempDir(factory = InMemory.class)
  Path directory;

  /** Fills words, one step each, when it is told to. */
  public static final class Writer implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Heap heap = Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)));
      worker.say("attached");
      worker.hear();
      for (int i = 0; i < WORDS; i++) {
        heap.putLong(heap.dataOffset() + 8L * i, i + 1);
        worker.say("wrote " + i);
      }
    }
  }

  /** Kills itself at a place of its own. */
  public static final class Faller implements WorkerJob {
    @Override
    public void run(WorkerContext worker) {
      worker.fall("on the stairs");
    }
  }

  /** Counts with three roles until it is told to end; role 3, if asked for, fails. */
  public static final class Cast implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      WorkerJob role =
          context -> {
            context.say("on stage");
            while (!context.isDismissed()) {
              Thread.onSpinWait();
            }
          };
      WorkerJob failing =
          context -> {
            throw new IllegalStateException("forgot the text");
          };
      worker.play(
          worker.arguments().isEmpty() ? List.of(role, role, role) : List.of(role, failing));
      worker.say("curtain");
    }
  }

  @Test
  void aWorkerHasDoneExactlyTheStepsItWasGivenWhenItDies() {
    try (WorkerSupply writers = new WorkerSupply(WRITER)) {
      for (int steps : new int[] {0, 1, 7, WORDS - 1}) {
        Path path = directory.resolve("heap-" + steps);
        try (Heap heap = Heap.builder().span(1L << 30).create(path);
            WorkerProcess writer = writers.next(path)) {
          writer.expect("attached");
          writer.killAfter(steps);
          writer.say("go");
          String where = writer.awaitDeath();
          assertTrue(where.startsWith("putLong in SelfKillIT$Writer.run:"), where);
          assertEquals(steps, writer.heard().size());
          assertTrue(writer.await().isKilled());
          for (int i = 0; i < WORDS; i++) {
            long expected = i < steps ? i + 1 : 0;
            assertEquals(expected, heap.getLong(heap.dataOffset() + 8L * i), "word " + i);
          }
        }
      }
    }
  }

  @Test
  void aWorkerThatEndsBeforeItsDeathIsAnError() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().span(1L << 30).create(path);
        WorkerProcess writer = WRITER.start(path)) {
      writer.expect("attached");
      writer.killAfter(WORDS + 100);
      writer.say("go");
      WorkerError error = assertThrows(WorkerError.class, writer::awaitDeath);
      assertTrue(error.getMessage().contains("ended before it came to"), error.getMessage());
      assertTrue(error.getMessage().contains("wrote 19"), error.getMessage());
      assertEquals(WORDS, heap.getLong(heap.dataOffset() + 8L * (WORDS - 1)));
    }
  }

  @Test
  void aWorkerFallsByARealSignalWhereItWants() {
    try (WorkerProcess faller = WorkerJvm.of(Faller.class).start()) {
      assertEquals("on the stairs", faller.awaitDeath());
      assertEquals(new WorkerExit(128 + 9), faller.await());
    }
  }

  @Test
  void severalRolesArePlayedInOneJvm() {
    try (WorkerProcess cast = WorkerJvm.of(Cast.class).start()) {
      cast.expect("on stage");
      cast.expect("on stage");
      cast.expect("on stage");
      cast.sayNoMore();
      cast.expect("curtain");
      cast.awaitSuccess();
    }
  }

  @Test
  void aRoleThatFailsEndsItsWorkerWhateverTheOthersDo() {
    try (WorkerProcess cast = WorkerJvm.of(Cast.class).start("failing")) {
      assertEquals(new WorkerExit(1), cast.await());
      assertTrue(cast.errors().contains("forgot the text"), cast.errors());
    }
  }
}
