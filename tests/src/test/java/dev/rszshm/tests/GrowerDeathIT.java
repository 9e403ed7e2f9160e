package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.process.KillPoint;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that grows a heap is killed, or stands still, at each of its steps. */
class GrowerDeathIT {
  private static final int FILLED = 8192;
  private static final int PAGE = 4096;

  @TempDir(factory = InMemory.class)
  Path directory;

  private final WorkerProcess survivor = HeapAgent.start("survivor");

  @AfterEach
  void endSurvivor() {
    survivor.close();
  }

  @Test
  void survivorsOfAKilledGrowerGoOnAndLoseNothing() throws Exception {
    List<String> steps = Deaths.each("grow", directory, Growing::new);
    assertEquals(
        List.of(
            "tryLockFile",
            "allocate",
            "overlay",
            "compareAndSetLong",
            "getAndAddLong",
            "unlockFile"),
        steps);
  }

  /** A heap with content, in which this JVM and another survive. */
  private final class Growing implements Deaths.Scene {
    private final Heap heap;
    private final long data;
    private long length;
    private boolean survivorGrows;

    Growing(Path path) {
      heap =
          Heap.builder().span(1L << 30).length(FILLED).growth(GrowthPolicy.step(PAGE)).create(path);
      data = heap.dataOffset();
      for (int i = 0; i < FILLED; i += 8) {
        heap.putLong(data + i, ~i);
      }
      survivor.ask("attach " + path);
      length = heap.length();
    }

    @Override
    public void beforeTheKill() {
      long now = heap.length();
      assertTrue(now == length || now == length + 2 * PAGE, "length " + now);
      length = now;
      // Reading and writing need no lock.
      assertEquals("put", survivor.ask("put " + (data + 8) + " 77"));
      assertEquals(77, heap.getLongVolatile(data + 8));
      heap.putLongVolatile(data + 8, ~8);
      survivor.say("growTo " + (now + PAGE));
      survivorGrows = true;
    }

    @Override
    public void afterTheKill() {
      try (heap) {
        if (survivorGrows) {
          assertEquals(Long.toString(length + PAGE), survivor.next());
          length += PAGE;
        }
        assertTrue(heap.length() >= length);
        length = heap.length();
        assertTrue(heap.path().toFile().length() >= length);
        for (int i = 0; i < FILLED; i += 8) {
          assertEquals(~i, heap.getLong(data + i), "content at " + i);
        }
        assertEquals(length + PAGE, heap.growTo(length + PAGE));
        for (long offset = data + FILLED; offset < length + PAGE; offset += 8) {
          assertEquals(0, heap.getLong(offset), "new content at " + offset);
        }
        assertEquals("put", survivor.ask("put " + (length + PAGE - 8) + " 5"));
        assertEquals(5, heap.getLongVolatile(length + PAGE - 8));
        assertEquals("closed", survivor.ask("close"));
        assertEquals(1, heap.reclaimDead());
      } finally {
        heap.remove();
      }
    }
  }

  @Test
  void aStoppedGrowerIsNamedToOthersAndAllGoOnWhenItDoes() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().span(1L << 30).growth(GrowthPolicy.step(PAGE)).create(path);
        WorkerProcess stopped = WorkerJvm.of(PausingGrower.class).start(path)) {
      long length = heap.length();
      stopped.expect("holds the lock");
      stopped.stop();
      survivor.ask("impatient " + path);
      String answer = survivor.ask("grow");
      assertTrue(answer.startsWith("!GrowthBlockedException"), answer);
      assertTrue(answer.contains("held by process " + stopped.pid()), answer);
      assertEquals("put", survivor.ask("put " + heap.dataOffset() + " 3"));
      assertEquals(length, heap.length());
      stopped.resume();
      stopped.say("go on");
      stopped.expect("length " + (length + PAGE));
      long more = length + 2 * PAGE;
      assertEquals(Long.toString(more), survivor.ask("growTo " + more));
      stopped.awaitSuccess();
    }
  }

  /** Pauses when it has the lock for growing. */
  public static final class PausingGrower implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      KillPoint pause = KillPoint.after(Platform.host(), 1, where -> pause(worker));
      try (Heap heap =
          Heap.builder().platform(pause.platform()).attach(Path.of(worker.argument(0)))) {
        pause.begin();
        worker.say("length " + heap.growTo(heap.length() + PAGE));
      }
    }

    private static void pause(WorkerContext worker) {
      worker.say("holds the lock");
      try {
        worker.hear();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
