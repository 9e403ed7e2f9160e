package dev.rszshm.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.faults.InjectedError;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An error at every access: what it leaves is looked at each time. */
class ThrowAnywhereTest {
  private static final ThrowAnywhere ANYWHERE = ThrowAnywhere.on(Platform.host());

  /** Moves one from a word to the next, and takes it back on an error; may leave a mark. */
  private static void move(Heap heap, boolean marks) {
    long at = heap.dataOffset();
    if (marks) {
      heap.putLong(at, 1);
    }
    try {
      heap.putLong(at + 8, heap.getLong(at + 8) - 1);
      heap.putLong(at + 16, heap.getLong(at + 16) + 1);
    } catch (RuntimeException | Error e) {
      heap.putLong(at + 8, 0);
      heap.putLong(at + 16, 0);
      throw e;
    }
    heap.putLong(at, 0);
  }

  private static int run(ThrowAnywhere anywhere, Consumer<Heap> operation) throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int[] number = {0};
      return anywhere.run(
          point -> {
            try (Heap heap =
                Heap.builder()
                    .span(1 << 20)
                    .platform(point.platform())
                    .create(directory.path().resolve("heap" + number[0]++))) {
              point.act(() -> operation.accept(heap));
              long at = heap.dataOffset();
              assertEquals(0, heap.getLong(at), "the mark");
              assertEquals(0, heap.getLong(at + 8) + heap.getLong(at + 16), "the sum");
            }
          });
    }
  }

  private static String findings(Consumer<Heap> operation) {
    return assertThrows(AssertionError.class, () -> run(ANYWHERE, operation)).getMessage();
  }

  @Test
  void everyAccessIsAPlace() throws Exception {
    assertTrue(run(ANYWHERE, heap -> move(heap, false)) >= 5);
    assertEquals(
        2,
        run(
            ANYWHERE,
            heap -> {
              heap.getLong(heap.dataOffset());
              RawAccess.of(heap, ThrowAnywhereTest.class).fullFence();
            }));
  }

  @Test
  void whatAnErrorLeavesIsFound() {
    String found = findings(heap -> move(heap, true));
    assertTrue(found.contains("the mark"), found);
    assertTrue(found.contains("putLong in ThrowAnywhereTest.java"), found);
  }

  @Test
  void anErrorThatIsSwallowedOrWrappedIsFound() {
    String swallowed =
        findings(
            heap -> {
              try {
                heap.getLong(heap.dataOffset());
              } catch (InjectedError e) {
                heap.getLong(heap.dataOffset());
              }
            });
    assertTrue(swallowed.contains("was swallowed"), swallowed);
    String wrapped =
        findings(
            heap -> {
              try {
                heap.getLong(heap.dataOffset());
              } catch (InjectedError e) {
                throw new AssertionError(e);
              }
            });
    assertTrue(wrapped.contains("came out as java.lang.AssertionError"), wrapped);
  }

  @Test
  void aHangIsFound() {
    ThrowAnywhere brief = ANYWHERE.limit(Duration.ofMillis(300));
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () ->
                brief.run(
                    point -> {
                      point.act(() -> point.platform().calls().nanoTime());
                      while (point.hasThrown()) {
                        Thread.sleep(10);
                      }
                    }));
    assertTrue(found.getMessage().contains("it hangs"), found.getMessage());
  }

  @Test
  void anOperationThatFailsByItselfIsFound() {
    String found =
        findings(
            heap -> {
              throw new IllegalStateException("broken");
            });
    assertTrue(found.contains("fails by itself"), found);
  }
}
