package dev.rszshm.tests.structures.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.ArrayCheck;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.Extensible;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.Name;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.Since;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.tests.InMemory;
import dev.rszshm.tests.Storm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs whose declarations meet in a heap, and an array that grows while its growers are killed. */
class StructIT {
  private static final int WORKERS = 3;

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path;

  /** The older declaration of "visit". */
  @Extensible
  @Name("visit")
  public record Old(long number) {}

  /** The newer one. */
  @Extensible
  @Name("visit")
  public record New(long number, @Since(2) long writer) {}

  /** One that does not agree. */
  @Extensible
  @Name("visit")
  public record Other(int number) {}

  /** How many visits there are. */
  record Visits(long next) {}

  private static final StructLayout<New> NEW = StructLayout.of(New.class);
  private static final StructLayout<Visits> VISITS = StructLayout.of(Visits.class);
  private static final LongField<Visits> NEXT = VISITS.longField("next");

  @BeforeEach
  void create() {
    path = directory.resolve("heap");
    Heap.builder().span(1L << 30).create(path).close();
  }

  /** Arguments: path, the declaration. */
  public static final class Declaring implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)));
          Allocator allocator = Allocator.on(heap)) {
        StructLayout<?> layout =
            switch (worker.argument(1)) {
              case "old" -> StructLayout.of(Old.class);
              case "new" -> NEW;
              default -> StructLayout.of(Other.class);
            };
        try {
          worker.say(layout.publish(allocator));
        } catch (LayoutMismatchException e) {
          worker.say(e.getMessage());
        }
      }
    }
  }

  private String declare(String which) {
    try (WorkerProcess worker = WorkerJvm.of(Declaring.class).start(path, which)) {
      String said = worker.next();
      worker.awaitSuccess();
      return said;
    }
  }

  @Test
  void anotherJvmIsToldWhichFieldDiffers() {
    assertEquals("1", declare("old"));
    String said = declare("other");
    assertTrue(said.contains("in its field \"number\""), said);
    assertTrue(said.contains("found \"number int64 offset 8\""), said);
    assertTrue(said.contains("expected \"number int32 offset 8\""), said);
    assertEquals("2", declare("new"));
    assertEquals("2", declare("old"));
  }

  /** Argument: path. Adds visits until it is dismissed, and says each. */
  public static final class Visiting implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)));
          Allocator allocator = Allocator.on(heap)) {
        SharedArray<New> array = SharedArray.named(allocator, "all", NEW, 0);
        Block<Visits> visits = VISITS.named(allocator, "visits");
        int most = Integer.parseInt(worker.argument(1));
        for (int i = 0; i < most; i++) {
          long number = NEXT.getAndAdd(heap, visits, 1);
          array.ensure(number + 1);
          array.set(number, new New(number + 1, worker.argument(2).length()));
          if (i % 100 == 99) {
            worker.say(number);
          }
        }
      }
    }
  }

  @Test
  void whatWasWrittenIsThereThoughSomeWhoMadeTheArrayGrowWereKilled() {
    int most = Storm.count(10_000, 200_000);
    List<Long> said = new ArrayList<>();
    List<WorkerProcess> workers = new ArrayList<>();
    try (Heap heap = Heap.attach(path);
        Allocator allocator = Allocator.on(heap)) {
      for (int i = 0; i < WORKERS; i++) {
        workers.add(WorkerJvm.of(Visiting.class).start(path, most, "x".repeat(i + 1)));
      }
      try {
        for (int i = 0; i < 5; i++) {
          said.add(Long.parseLong(workers.get(0).next()));
        }
        workers.get(0).kill();
        for (int i = 1; i < WORKERS; i++) {
          for (int line = 0; line < most / 100; line++) {
            said.add(Long.parseLong(workers.get(i).next()));
          }
          workers.get(i).awaitSuccess();
        }
      } finally {
        workers.forEach(WorkerProcess::close);
      }
      SharedArray<New> array = SharedArray.named(allocator, "all", NEW, 0);
      for (long number : said) {
        assertEquals(number + 1, array.get(number).number());
      }
      long missing = 0;
      for (New visit : array) {
        missing += visit.number() == 0 ? 1 : 0;
      }
      assertTrue(missing <= 1, "only the one that was killed may have left something out");
      ArrayCheck check = array.check();
      assertEquals(List.of(), check.findings());
      allocator.recover();
      // two names, two layouts, of which one has two versions
      assertEquals(2 + 2 + 3 + check.segments(), allocator.check().blocks());
    }
  }
}
