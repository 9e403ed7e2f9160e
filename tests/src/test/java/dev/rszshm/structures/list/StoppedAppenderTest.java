package dev.rszshm.structures.list;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.memory.ForwardingMemory;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process is stopped when the element that it appends is in the list, before it knows that. The
 * time-out only ends a test that hangs.
 */
@Timeout(300)
class StoppedAppenderTest {
  /** The form of a slot's word, in FORMAT.md, and that of a reference that was just put there. */
  private static final int FORM = 7;

  private static final int FRESH = 5;
  private static final int CLEAN = 3;

  private static final String LAST = "l".repeat(1200);
  private static final String OTHER = "o".repeat(40);

  /** Memory in which a thread stands still once it has put a reference into a slot. */
  private static final class Stopping extends ForwardingMemory {
    final Semaphore stopped = new Semaphore(0);
    final Semaphore goOn = new Semaphore(0);

    /** The form of that reference; 0: no thread stands still. */
    volatile int form;

    Stopping(Memory memory) {
      super(memory);
    }

    private void stopAt(long value) {
      if ((value & FORM) == form) {
        form = 0;
        stopped.release();
        goOn.acquireUninterruptibly();
      }
    }

    @Override
    public boolean compareAndSetLong(long address, long expected, long value) {
      boolean set = super.compareAndSetLong(address, expected, value);
      if (set && expected == 0 && form == FRESH) {
        stopAt(value);
      }
      return set;
    }

    @Override
    public void putLongVolatile(long address, long value) {
      super.putLongVolatile(address, value);
      if (form == CLEAN) {
        stopAt(value);
      }
    }
  }

  private final Platform host = Platform.host();
  private final Heap heap = Heap.builder().span(4 << 20).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);
  private final SharedList<String> list = list(allocator);
  private final Stopping memory = new Stopping(host.memory());
  private final Heap mortal = attach(memory);

  private Heap attach(Memory other) {
    return Heap.builder()
        .anyAddress()
        .platform(new Platform(other, host.calls()))
        .attach(heap.path());
  }

  private static SharedList<String> list(Allocator in) {
    return SharedList.named(in, "list", Codecs.strings());
  }

  @BeforeEach
  void stopAnAppender() {
    list.add("first");
    SharedList<String> appenders = list(Allocator.on(mortal));
    memory.form = FRESH;
    start(() -> appenders.add(LAST));
    memory.stopped.acquireUninterruptibly();
  }

  private static Thread start(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @AfterEach
  void close() {
    mortal.close();
    heap.close();
  }

  @Test
  void setsWhatIsBeingAppendedWithoutWaiting() {
    assertEquals(LAST, list.set(1, OTHER));
    assertEquals(OTHER, list.set(1, "x"));
    mortal.close(); // the appender has died
    allocator.recover();
    assertEquals(List.of("first", "x"), List.copyOf(list));
    assertSound();
  }

  @Test
  void anElementThatCouldNotBeSetSurvivesTheDeathOfItsAppender() {
    String tooLong = "t".repeat(8 << 20);
    assertThrows(OutOfHeapMemoryException.class, () -> list.set(1, tooLong));
    mortal.close(); // the appender has died
    allocator.recover();
    assertEquals(List.of("first", LAST), List.copyOf(list));
    assertSound();
  }

  /** Its maker dies when it is out of its slot, and others allocate before it is freed. */
  @Test
  void anElementThatWasTakenOutIsFreedOnce() throws InterruptedException {
    Stopping setters = new Stopping(host.memory());
    try (Heap setting = attach(setters)) {
      SharedList<String> other = list(Allocator.on(setting));
      setters.form = CLEAN;
      Thread setter = start(() -> other.set(1, OTHER));
      setters.stopped.acquireUninterruptibly();
      mortal.close(); // the appender has died
      allocator.recover();
      for (int i = 0; i < 100; i++) {
        list.add(LAST);
      }
      setters.goOn.release();
      setter.join();
      assertEquals(OTHER, list.get(1));
      assertSound();
    }
  }

  private void assertSound() {
    ListCheck check = list.check();
    assertEquals(List.of(), check.findings());
    assertEquals(1 + check.blocks(), allocator.check().blocks(), "every block is the list's");
  }
}
