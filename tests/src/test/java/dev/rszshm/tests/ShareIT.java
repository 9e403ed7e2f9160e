package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several JVMs in one heap. */
class ShareIT {
  private static final int OPENERS = 8;

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path() {
    return directory.resolve("heap");
  }

  @Test
  void everyJvmHasTheHeapAtTheSameAddressAndSeesTheSameContent() {
    try (Heap heap = Heap.builder().span(1L << 30).create(path());
        WorkerProcess a = HeapAgent.start("a");
        WorkerProcess b = HeapAgent.start("b")) {
      String address = "0x" + Long.toHexString(heap.address());
      assertEquals(address, a.ask("attach " + path()));
      assertEquals(address, b.ask("attach " + path()));
      long data = heap.dataOffset();
      assertEquals("put", a.ask("put " + data + " 4711"));
      assertEquals("4711", b.ask("get " + data));
      assertEquals(4711, heap.getLongVolatile(data));
      heap.putLongVolatile(data + 8, -1);
      assertEquals("-1", a.ask("get " + (data + 8)));
    }
  }

  @Test
  void aPointerStoredByOneJvmIsGoodInAnother() {
    try (WorkerProcess a = HeapAgent.start("a");
        WorkerProcess b = HeapAgent.start("b")) {
      a.ask("create " + path());
      b.ask("attach " + path());
      long data = 4096 + 4096;
      String pointer = a.ask("address " + (data + 512));
      a.ask("put " + data + " " + pointer);
      a.ask("put " + (data + 512) + " 99");
      String read = b.ask("get " + data);
      assertEquals(pointer, read);
      assertEquals("99", b.ask("get " + b.ask("offset " + read)));
    }
  }

  @Test
  void whatOneJvmGrowsTheOtherReachesByAnAccess() {
    try (WorkerProcess a = HeapAgent.start("a");
        WorkerProcess b = HeapAgent.start("b")) {
      a.ask("create " + path());
      b.ask("attach " + path());
      long before = Long.parseLong(b.ask("mapped"));
      long after = Long.parseLong(a.ask("growTo " + (64 << 20)));
      assertEquals(64 << 20, after);
      assertEquals(before, Long.parseLong(b.ask("mapped")), "nobody maps what he does not use");
      a.ask("put " + (after - 8) + " 5");
      assertEquals("5", b.ask("get " + (after - 8)));
      assertEquals(after, Long.parseLong(b.ask("mapped")));
      assertTrue(b.ask("get " + after).startsWith("!IndexOutOfBoundsException"));
    }
  }

  @Test
  void attachingWhileOthersGrowNeverFails() {
    try (Heap heap = Heap.builder().span(1L << 30).create(path());
        WorkerProcess grower = WorkerJvm.of(SteadyGrower.class).start(path())) {
      grower.expect("growing");
      int attaches = Storm.count(1_000, 50_000);
      for (int i = 0; i < attaches; i++) {
        try (Heap other = Heap.builder().anyAddress().readOnly().attach(path())) {
          long length = other.length();
          assertEquals(0, other.getByte(length - 1));
        }
      }
      grower.sayNoMore();
      grower.awaitSuccess();
      assertTrue(heap.length() > 1 << 20, "the other one grew meanwhile");
    }
  }

  /** Grows a heap page by page until it is told to end, or the heap is full. */
  public static final class SteadyGrower implements WorkerJob {
    private volatile boolean enough;

    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        Thread grower = new Thread(() -> grow(heap));
        grower.start();
        worker.say("growing");
        worker.hear();
        enough = true;
        grower.join();
      }
    }

    private void grow(Heap heap) {
      long length = heap.length();
      while (!enough || length < 2 << 20) {
        if (length < 32 << 20) {
          length = heap.growTo(length + 4096);
        }
      }
    }
  }

  @Test
  void ofManyThatOpenAtOnceOneCreatesAndAllEndInTheSameHeap() {
    int rounds = Storm.count(30, 3_000);
    Path control = directory.resolve("control");
    List<WorkerProcess> openers = new ArrayList<>();
    try (Heap heap = Heap.builder().span(1L << 30).create(control)) {
      for (int i = 0; i < OPENERS; i++) {
        openers.add(WorkerJvm.of(Opener.class).start(control, directory, rounds));
      }
      openers.forEach(o -> o.expect("ready"));
      for (int round = 1; round <= rounds; round++) {
        heap.putIntVolatile(heap.dataOffset(), round);
        heap.wake(heap.dataOffset(), OPENERS);
        Set<String> ids = new HashSet<>();
        openers.forEach(o -> ids.add(o.next()));
        assertEquals(1, ids.size(), "round " + round);
        Path opened = directory.resolve("round-" + round);
        try (Heap result = Heap.attach(opened)) {
          assertEquals(ids, Set.of(result.id().orElseThrow().toString()));
          assertEquals(OPENERS, result.getLongVolatile(result.dataOffset()), "round " + round);
          result.remove();
        }
      }
      openers.forEach(WorkerProcess::awaitSuccess);
    } finally {
      openers.forEach(WorkerProcess::close);
    }
  }

  /** Opens a heap in each round, as soon as the control word says so. */
  public static final class Opener implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path directory = Path.of(worker.argument(1));
      int rounds = Integer.parseInt(worker.argument(2));
      try (Heap control = Heap.attach(Path.of(worker.argument(0)))) {
        worker.say("ready");
        for (int round = 1; round <= rounds; round++) {
          while (!control.waitWhile(control.dataOffset(), round - 1, Duration.ofMinutes(3))) {
            worker.say("waiting for round " + round);
          }
          try (Heap heap =
              Heap.builder().span(1L << 30).open(directory.resolve("round-" + round))) {
            heap.getAndAddLong(heap.dataOffset(), 1);
            worker.say(heap.id().orElseThrow());
          }
        }
      }
    }
  }
}
