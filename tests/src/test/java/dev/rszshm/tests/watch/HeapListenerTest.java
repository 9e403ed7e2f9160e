package dev.rszshm.tests.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.watch.HeapGrowth;
import dev.rszshm.heap.watch.HeapListener;
import dev.rszshm.heap.watch.HeapRecovery;
import dev.rszshm.heap.watch.OwnerDeath;
import dev.rszshm.heap.watch.SlowAllocation;
import dev.rszshm.heap.watch.SlowWait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a listener is told, by whom, and what it cannot spoil. */
@Timeout(300)
class HeapListenerTest {
  /** Keeps what it is told. */
  private static class Recorder implements HeapListener {
    final BlockingQueue<Object> reports = new LinkedBlockingQueue<>();

    @Override
    public void grown(HeapGrowth growth) {
      reports.add(growth);
    }

    @Override
    public void ownerDied(OwnerDeath death) {
      reports.add(death);
    }

    @Override
    public void recovered(HeapRecovery recovery) {
      reports.add(recovery);
    }

    @Override
    public void waited(SlowWait wait) {
      reports.add(wait);
    }

    @Override
    public void allocatedSlowly(SlowAllocation allocation) {
      reports.add(allocation);
    }

    @Override
    public void dropped(long missing) {
      reports.add(missing);
    }

    @Override
    public void closed(Path heap) {
      reports.add(heap);
    }

    @Override
    public Duration slowWaitThreshold() {
      return Duration.ofMillis(5);
    }

    @Override
    public Duration slowAllocationThreshold() {
      return Duration.ZERO;
    }

    <T> T next(Class<T> kind) throws InterruptedException {
      Object report = reports.take();
      return assertInstanceOf(kind, report);
    }
  }

  private final Recorder recorder = new Recorder();

  @Test
  void growthIsReportedToItsListenersAlone() throws Exception {
    try (Happenings a = new Happenings();
        Happenings b = new Happenings()) {
      a.heap.addListener(recorder);
      b.grow();
      long before = a.grow();
      HeapGrowth growth = recorder.next(HeapGrowth.class);
      assertEquals(a.heap.path(), growth.heap());
      assertEquals(before, growth.from());
      assertEquals(a.heap.length(), growth.to());
      assertTrue(growth.time().toNanos() > 0);
    }
  }

  @Test
  void deathOfAnOwnerIsReportedWithItsProcess() throws Exception {
    try (Happenings scene = new Happenings()) {
      scene.heap.addListener(recorder);
      long pid = scene.ownerIsKilled();
      OwnerDeath death = recorder.next(OwnerDeath.class);
      assertEquals(scene.mutexOffset, death.offset());
      assertFalse(scene.heap.isAlive(death.tag()));
      assertEquals(pid, death.pid().orElse(-1));
    }
  }

  @Test
  void recoveryIsReportedWithTheNumberOfLanes() throws Exception {
    try (Happenings scene = new Happenings()) {
      scene.heap.addListener(recorder);
      scene.participantDies();
      HeapRecovery recovery = recorder.next(HeapRecovery.class);
      assertEquals(1, recovery.lanes());
    }
  }

  @Test
  void waitIsReportedFromTheThresholdOn() throws Exception {
    try (Happenings scene = new Happenings()) {
      scene.heap.addListener(recorder);
      do {
        // What comes before the first sleep is not counted, and may take its time on a busy
        // machine.
        scene.waitInVain(Duration.ofMillis(20));
      } while (recorder.reports.isEmpty());
      SlowWait wait = recorder.next(SlowWait.class);
      assertFalse(wait.found());
      assertEquals(Thread.currentThread().getName(), wait.thread());
      assertTrue(wait.time().compareTo(recorder.slowWaitThreshold()) >= 0);
    }
  }

  @Test
  void waitBelowTheThresholdIsNotReported() throws Exception {
    Recorder patient =
        new Recorder() {
          @Override
          public Duration slowWaitThreshold() {
            return Duration.ofDays(1);
          }
        };
    try (Happenings scene = new Happenings()) {
      scene.heap.addListener(patient);
      scene.waitInVain(Duration.ofMillis(1));
      scene.grow();
      patient.next(HeapGrowth.class);
    }
  }

  @Test
  void allocationThatGrowsIsReported() throws Exception {
    try (Happenings scene = new Happenings()) {
      scene.heap.addListener(recorder);
      scene.allocateMuch();
      Object report = recorder.next(Object.class);
      while (report instanceof HeapGrowth) { // it may take several
        report = recorder.next(Object.class);
      }
      SlowAllocation allocation = assertInstanceOf(SlowAllocation.class, report);
      assertTrue(allocation.length() >= 8 << 20, allocation.toString());
      assertTrue(allocation.allocated());
    }
  }

  @Test
  void allocationThatFailsIsReported() throws Exception {
    try (Happenings scene = new Happenings()) {
      long slot = scene.allocator.allocateZeroed(8);
      scene.heap.addListener(recorder);
      assertThrows(RuntimeException.class, () -> scene.allocator.allocateInto(slot, 1L << 30));
      assertFalse(recorder.next(SlowAllocation.class).allocated());
    }
  }

  @Test
  void reportsArriveInTheOrderInWhichTheyWereMadeAndTheCloseIsTheLast() throws Exception {
    Path path;
    try (Happenings scene = new Happenings()) {
      path = scene.heap.path();
      scene.heap.addListener(recorder);
      scene.grow();
      scene.ownerDies();
    }
    recorder.next(HeapGrowth.class);
    recorder.next(OwnerDeath.class);
    assertEquals(path, recorder.next(Path.class));
  }

  @Test
  void listenerThatThrowsHarmsNobody() throws Exception {
    HeapListener thrower =
        new HeapListener() {
          @Override
          public void grown(HeapGrowth growth) {
            Thread.currentThread().setUncaughtExceptionHandler((t, e) -> recorder.reports.add(e));
            throw new AssertionError("of the listener");
          }
        };
    try (Happenings scene = new Happenings()) {
      scene.heap.addListener(thrower);
      scene.grow();
      assertEquals("of the listener", recorder.next(AssertionError.class).getMessage());
      scene.grow();
      assertEquals("of the listener", recorder.next(AssertionError.class).getMessage());
    }
  }

  @Test
  void listenerThatHangsHoldsNobodyUpAndLearnsWhatWasDropped() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Recorder slow =
        new Recorder() {
          @Override
          public void ownerDied(OwnerDeath death) {
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };
    int deaths = HeapListener.MAX_PENDING + 10;
    try (Happenings scene = new Happenings()) {
      scene.heap.addListener(slow);
      for (int i = 0; i < deaths; i++) {
        scene.ownerDies();
      }
      goOn.countDown();
      long missing = slow.next(Long.class);
      assertTrue(missing >= 9 && missing <= 10, "dropped " + missing);
    }
  }

  @Test
  void listenerMayCloseTheHeap() throws Exception {
    try (Happenings scene = new Happenings()) {
      HeapListener closing =
          new HeapListener() {
            @Override
            public void grown(HeapGrowth growth) {
              scene.heap.close();
            }

            @Override
            public void closed(Path heap) {
              recorder.reports.add(heap);
            }
          };
      scene.heap.addListener(closing);
      scene.grow();
      assertEquals(scene.heap.path(), recorder.next(Path.class));
      assertFalse(scene.heap.isOpen());
    }
  }

  @Test
  void removedListenerIsToldNothing() throws Exception {
    try (Happenings scene = new Happenings()) {
      Recorder removed = new Recorder();
      scene.heap.addListener(removed);
      assertTrue(scene.heap.removeListener(removed));
      assertFalse(scene.heap.removeListener(removed));
      scene.heap.addListener(recorder);
      scene.grow();
      recorder.next(HeapGrowth.class);
      assertTrue(removed.reports.isEmpty());
    }
  }

  @Test
  void closedHeapTakesNoListener() {
    Happenings scene = new Happenings();
    scene.close();
    assertThrows(IllegalStateException.class, () -> scene.heap.addListener(recorder));
  }
}
