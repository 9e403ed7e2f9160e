package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.AlreadyAttachedException;
import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.SpanExceededException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** Any sequence of what can be done to a heap, compared with an array that grows. */
class HeapModelTest {
  private static final int SPAN = 256 << 10;
  private static final int PAGE = 4096;
  private static final int HANDLES = 3;

  /** What to do, by which attachment, where from the beginning of the content, and how much. */
  record Step(Action action, int handle, int offset, int amount) {}

  enum Action {
    WRITE,
    WRITE_LONG,
    READ,
    FILL,
    COPY,
    GROW,
    GROW_TO,
    ENSURE,
    ATTACH,
    DETACH,
    CREATE_AGAIN,
    FLUSH,
    UNLINK,
    CATCH_UP
  }

  @Provide
  Arbitrary<Step> steps() {
    return Combinators.combine(
            Arbitraries.of(Action.class),
            Arbitraries.integers().between(0, HANDLES - 1),
            Arbitraries.frequencyOf(
                Tuple.of(3, evenly(0, 6 * PAGE)), Tuple.of(1, evenly(-PAGE, SPAN + PAGE))),
            evenly(0, 3 * PAGE))
        .as(Step::new);
  }

  /** Without the usual bias to small numbers, which hardly ever lie within bounds. */
  private static Arbitrary<Integer> evenly(int least, int most) {
    return Arbitraries.integers()
        .between(least, most)
        .withDistribution(RandomDistribution.uniform());
  }

  @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
  void heapIsAnArrayThatGrows(
      @ForAll("steps") Step first, @ForAll @Size(min = 1, max = 80) List<@From("steps") Step> steps)
      throws IOException {
    run(false, first, steps);
  }

  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
  void plainFileIsAnArrayThatGrows(
      @ForAll("steps") Step first, @ForAll @Size(min = 1, max = 80) List<@From("steps") Step> steps)
      throws IOException {
    run(true, first, steps);
  }

  private static void run(boolean plain, Step first, List<Step> steps) throws IOException {
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "rszshm-test");
    try (Model model = new Model(directory.resolve("heap"), plain, 1 + first.amount())) {
      for (Step step : steps) {
        model.take(step);
        model.check();
      }
    } finally {
      Files.deleteIfExists(directory.resolve("heap"));
      Files.delete(directory);
    }
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
  }

  /** The heap with up to three attachments, each with a policy of its own, and the array. */
  private static final class Model implements AutoCloseable {
    private static final List<GrowthPolicy> POLICIES =
        List.of(GrowthPolicy.balanced(), GrowthPolicy.step(PAGE + 1), GrowthPolicy.doubling());

    private final Path path;
    private final boolean plain;
    private final Heap[] handles = new Heap[HANDLES];
    private final byte[] content = new byte[SPAN];
    private final int first;
    private int length;
    private boolean named = true;

    Model(Path path, boolean plain, int begin) {
      this.path = path;
      this.plain = plain;
      handles[0] = builder(0).length(begin).create(path);
      first = (int) handles[0].dataOffset();
      length = (first + begin + PAGE - 1) / PAGE * PAGE;
    }

    private HeapBuilder builder(int handle) {
      HeapBuilder builder = Heap.builder().span(SPAN).growth(POLICIES.get(handle)).participants(4);
      return plain ? builder.plain() : builder;
    }

    void take(Step step) {
      Heap heap = handles[step.handle()];
      if (step.action() == Action.ATTACH) {
        attach(step.handle());
      } else if (step.action() == Action.CREATE_AGAIN) {
        if (named) {
          assertThrows(HeapExistsException.class, () -> builder(0).create(path));
        }
      } else if (heap == null || !heap.isOpen()) {
        if (heap != null) {
          assertThrows(IllegalStateException.class, () -> heap.getByte(first));
          assertThrows(IllegalStateException.class, heap::grow);
          heap.close();
        }
      } else {
        act(step, heap);
      }
    }

    private void attach(int handle) {
      if (handles[handle] != null && handles[handle].isOpen()) {
        if (named && handles[handle].base() == handles[handle].address()) {
          assertThrows(AlreadyAttachedException.class, () -> Heap.attach(path));
        }
        return;
      }
      if (named) {
        handles[handle] = builder(handle).anyAddress().attach(path);
        assertEquals(first, handles[handle].dataOffset());
      } else {
        assertThrows(NoSuchHeapException.class, () -> Heap.attach(path));
      }
    }

    private void act(Step step, Heap heap) {
      int offset = first + step.offset();
      int amount = step.amount();
      byte[] bytes = new byte[amount];
      Arrays.fill(bytes, (byte) (offset * 7 + amount));
      switch (step.action()) {
        case WRITE ->
            within(
                offset,
                amount,
                () -> heap.putBytes(offset, bytes),
                () -> System.arraycopy(bytes, 0, content, offset, amount));
        case WRITE_LONG ->
            within(
                offset & -8,
                8,
                () -> heap.putLongVolatile(offset & -8, 0x0101_0101_0101_0101L * (amount & 0xff)),
                () -> Arrays.fill(content, offset & -8, (offset & -8) + 8, (byte) amount));
        case READ ->
            within(
                offset,
                amount,
                () ->
                    assertArrayEquals(
                        Arrays.copyOfRange(content, offset, offset + amount),
                        heap.getBytes(offset, amount)),
                () -> {});
        case FILL ->
            within(
                offset,
                amount,
                () -> heap.fill(offset, amount, (byte) offset),
                () -> Arrays.fill(content, offset, offset + amount, (byte) offset));
        case COPY -> {
          int copied = Math.min(amount, length - first);
          within(
              offset,
              copied,
              () -> heap.copy(offset, first, copied),
              () -> System.arraycopy(content, offset, content, first, copied));
        }
        case GROW -> {
          if (heap.mappedLength() == SPAN) {
            assertThrows(SpanExceededException.class, heap::grow);
          } else {
            grown((int) heap.mappedLength() + 1, (int) heap.grow());
          }
        }
        case GROW_TO, ENSURE -> {
          boolean exactly = step.action() == Action.GROW_TO;
          if (offset > SPAN) {
            assertThrows(
                SpanExceededException.class,
                () -> sink = exactly ? heap.growTo(offset) : heap.ensure(offset));
          } else {
            int before = length;
            long got = exactly ? heap.growTo(offset) : heap.ensure(offset);
            grown(offset, (int) heap.catchUp());
            assertTrue(got >= offset && got <= length);
            if (exactly && offset > before) {
              assertEquals((offset + PAGE - 1) / PAGE * PAGE, length);
            }
          }
        }
        case DETACH -> heap.close();
        case FLUSH -> heap.flush();
        case UNLINK -> {
          assertEquals(named, heap.unlink());
          named = false;
        }
        case CATCH_UP -> assertEquals(length, heap.catchUp());
        default -> throw new AssertionError(step);
      }
    }

    private long sink;

    private void within(int offset, int amount, Runnable real, Runnable model) {
      if (offset < first || offset + amount > length) {
        assertThrows(IndexOutOfBoundsException.class, real::run);
      } else {
        real.run();
        model.run();
      }
    }

    private void grown(int needed, int now) {
      assertTrue(now >= needed && now >= length && now <= SPAN && now % PAGE == 0);
      length = now;
    }

    void check() throws IOException {
      for (Heap heap : handles) {
        if (heap != null && heap.isOpen()) {
          assertEquals(length, heap.length());
          assertTrue(heap.mappedLength() <= length);
        }
      }
      if (named) {
        byte[] file = Files.readAllBytes(path);
        assertEquals(length, file.length);
        assertArrayEquals(
            Arrays.copyOfRange(content, first, length), Arrays.copyOfRange(file, first, length));
      }
    }

    @Override
    public void close() {
      for (Heap heap : handles) {
        if (heap != null) {
          if (heap.isOpen()) {
            assertArrayEquals(
                Arrays.copyOfRange(content, first, length), heap.getBytes(first, length - first));
          }
          heap.close();
        }
      }
    }
  }
}
