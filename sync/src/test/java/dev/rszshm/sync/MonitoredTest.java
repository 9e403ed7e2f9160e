package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class MonitoredTest {
  /** A class of a user's own, with a number and a condition behind its monitor. */
  private record Gauge(Heap heap, Monitor monitor, long offset) implements Monitored {
    static Gauge at(Heap heap, long offset) {
      return new Gauge(heap, Monitor.at(heap, offset), offset);
    }

    void add(long amount) {
      runLocked(
          () -> {
            enter(); // it is re-entrant
            heap.putLong(offset + 512, heap.getLong(offset + 512) + amount);
            exit();
            condition(offset + 256).signalAll();
          });
    }

    long awaitAtLeast(long value) throws InterruptedException {
      return callLocked(
          () -> {
            while (heap.getLong(offset + 512) < value) {
              condition(offset + 256).await();
            }
            return heap.getLong(offset + 512);
          });
    }
  }

  @Test
  void aClassOfOnesOwnIsAMonitorForAllItsHandles() throws Exception {
    try (Heap heap = Heap.builder().span(1 << 20).createAnonymous();
        Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      Gauge mine = Gauge.at(heap, heap.dataOffset());
      Gauge theirs = Gauge.at(other, heap.dataOffset());
      FutureTask<Long> waiting = new FutureTask<>(() -> theirs.awaitAtLeast(2000));
      new Thread(waiting).start();
      FutureTask<Boolean> adding =
          new FutureTask<>(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  theirs.add(1);
                }
                return true;
              });
      new Thread(adding).start();
      for (int i = 0; i < 1000; i++) {
        mine.add(1);
      }
      assertEquals(2000, waiting.get());
      assertTrue(adding.get());
      assertTrue(mine.tryEnter());
      FutureTask<Boolean> trying = new FutureTask<>(theirs::tryEnter);
      new Thread(trying).start();
      assertFalse(trying.get());
      mine.exit();
      assertThrows(IllegalMonitorStateException.class, mine::exit);
      assertThrows(
          IOException.class,
          () ->
              mine.callLocked(
                  () -> {
                    throw new IOException("of the body");
                  }));
      assertFalse(mine.monitor().isLocked());
    }
  }
}
