package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.allocator.internal.lane.Guards;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
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

/**
 * Any sequence of what can be done to an allocator, by threads of two allocators and of a second
 * attachment, one at a time, compared with a map of blocks.
 */
class AllocatorModelTest {
  private static final long SPAN = 32 << 20;
  private static final int SLOTS = 8;
  private static final int ROOTS = 3;

  /** What to do, by which actor, with which of the blocks or slots or roots, and how large. */
  record Step(Action action, int actor, int index, int other, int size) {}

  enum Action {
    ALLOCATE,
    ALLOCATE_ZEROED,
    ALLOCATE_ALIGNED,
    ALLOCATE_MANY,
    REALLOCATE,
    FREE,
    FREE_MANY,
    ALLOCATE_INTO,
    FREE_FROM,
    MOVE,
    ROOT,
    REMOVE_ROOT,
    TRIM,
    RECOVER,
    END_THREAD,
    DIE
  }

  @Provide
  Arbitrary<Step> steps() {
    return Combinators.combine(
            Arbitraries.of(Action.class),
            Arbitraries.integers().between(0, Model.ACTORS - 1),
            evenly(0, 1000),
            evenly(0, 1000),
            Arbitraries.frequencyOf(
                Tuple.of(6, evenly(0, 2000)),
                Tuple.of(3, evenly(2000, 300_000)),
                Tuple.of(1, evenly(300_000, 6 << 20))))
        .as(Step::new);
  }

  /** Without the usual bias to small numbers. */
  private static Arbitrary<Integer> evenly(int least, int most) {
    return Arbitraries.integers()
        .between(least, most)
        .withDistribution(RandomDistribution.uniform());
  }

  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
  void allocatorIsAMapOfBlocks(@ForAll @Size(min = 1, max = 100) List<@From("steps") Step> steps)
      throws Exception {
    run(false, steps);
  }

  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void checkingAllocatorIsAMapOfBlocks(
      @ForAll @Size(min = 1, max = 100) List<@From("steps") Step> steps) throws Exception {
    run(true, steps);
  }

  private static void run(boolean checking, List<Step> steps) throws Exception {
    try (Model model = new Model(checking)) {
      for (int i = 0; i < steps.size(); i++) {
        model.take(steps.get(i));
        if (i % 4 == 0) {
          model.check();
        }
      }
      model.check();
      model.clear();
    }
  }

  /** What is known of a block. */
  private record Content(long size, byte fill) {}

  private static final class Model implements AutoCloseable {
    /** Two threads of one allocator, one of another on the same heap, one of an attachment. */
    static final int ACTORS = 4;

    private final Heap heap;
    private final Allocator first;
    private final Allocator second;
    private Heap attached;
    private Allocator third;
    private final Actor[] actors = new Actor[ACTORS];
    private final boolean checking;
    private final TreeMap<Long, Content> blocks = new TreeMap<>();
    private final List<Long> plain = new ArrayList<>();
    private final long[] slots = new long[SLOTS];
    private final Map<String, Long> roots = new HashMap<>();
    private final long table;
    private byte nextFill;
    private boolean someoneDied;

    Model(boolean checking) throws Exception {
      this.checking = checking;
      heap = Heap.builder().span(SPAN).createAnonymous();
      first = checking ? Allocator.checking(heap) : Allocator.on(heap);
      second = Allocator.on(heap);
      attach();
      for (int i = 0; i < ACTORS; i++) {
        actors[i] = new Actor();
      }
      table = actors[0].call(() -> first.allocateZeroed(8 * SLOTS));
      blocks.put(table, new Content(8 * SLOTS, (byte) 0));
    }

    private void attach() {
      attached = Heap.builder().anyAddress().attach(heap.path());
      third = Allocator.on(attached);
    }

    private Allocator allocator(int actor) {
      return actor < 2 ? first : actor == 2 ? second : third;
    }

    void take(Step step) throws Exception {
      if (step.action() == Action.END_THREAD) {
        actors[step.actor()].end();
        actors[step.actor()] = new Actor();
      } else if (step.action() == Action.DIE) {
        die();
      } else {
        Allocator allocator = allocator(step.actor());
        actors[step.actor()].call(
            () -> {
              act(step, allocator);
              return null;
            });
      }
    }

    /** The attachment goes, and the allocator on it gives nothing back. */
    private void die() throws Exception {
      attached.close();
      actors[3].end();
      actors[3] = new Actor();
      attach();
      someoneDied = false; // attaching recovers
    }

    private void act(Step step, Allocator allocator) {
      int slot = step.index() % SLOTS;
      long size = step.size();
      switch (step.action()) {
        case ALLOCATE -> allocate(size, 1, () -> allocator.allocate(size));
        case ALLOCATE_ZEROED -> allocate(size, 1, () -> zeroed(allocator, size));
        case ALLOCATE_ALIGNED -> {
          long alignment = 1L << step.index() % 17;
          allocate(size, alignment, () -> allocator.allocateAligned(size, alignment));
        }
        case ALLOCATE_MANY -> {
          for (int i = 0; i < 100; i++) {
            allocate(size % 5000, 1, () -> allocator.allocate(size % 5000));
          }
        }
        case REALLOCATE -> reallocate(step, allocator);
        case FREE -> freeSome(step, allocator, 1);
        case FREE_MANY -> freeSome(step, allocator, 60);
        case ALLOCATE_INTO -> allocateInto(allocator, slot, size);
        case FREE_FROM -> {
          assertEquals(slots[slot] != 0, allocator.freeFrom(table + 8L * slot));
          if (slots[slot] != 0) {
            forget(slots[slot]);
            slots[slot] = 0;
          }
        }
        case MOVE -> {
          int other = step.other() % SLOTS;
          boolean can = slots[slot] != 0 && slots[other] == 0;
          assertEquals(can, allocator.move(table + 8L * slot, table + 8L * other));
          if (can) {
            slots[other] = slots[slot];
            slots[slot] = 0;
          }
        }
        case ROOT -> root(allocator, "root " + step.index() % ROOTS, step.size() % 3000);
        case REMOVE_ROOT -> {
          String name = "root " + step.index() % ROOTS;
          assertEquals(roots.containsKey(name), allocator.removeRoot(name));
          if (roots.containsKey(name)) {
            forget(roots.remove(name));
          }
        }
        case TRIM -> allocator.trim();
        case RECOVER -> {
          allocator.recover();
          someoneDied = false;
        }
        default -> throw new AssertionError(step);
      }
    }

    private long zeroed(Allocator allocator, long size) {
      long block = allocator.allocateZeroed(size);
      verify(block, size, (byte) 0);
      return block;
    }

    /** Allocates, or requires that there is no room. */
    private void allocate(long size, long alignment, Supplier<Long> call) {
      long block;
      try {
        block = call.get();
      } catch (OutOfHeapMemoryException full) {
        requireFull(full, size);
        return;
      }
      assertEquals(0, block % Math.max(16, alignment), "alignment of " + block);
      remember(block, size);
      plain.add(block);
      fill(block);
    }

    private void requireFull(OutOfHeapMemoryException full, long size) {
      long length = Math.max(1, size) + (checking ? Guards.LENGTH : 0);
      long needed =
          length > SizeClasses.LARGEST
              ? SizeClasses.chunksFor(length)
              : SizeClasses.chunks(SizeClasses.of(length));
      // Alignment may take a larger class, of which a slab has more chunks.
      long most = Math.max(needed, length > SizeClasses.LARGEST ? 0 : 32);
      assertTrue(full.largestFreeRun() < most << SizeClasses.CHUNK_SHIFT, full::getMessage);
    }

    private void remember(long block, long size) {
      long usable = first.usableSize(block);
      assertTrue(usable >= size, usable + " for " + size);
      var before = blocks.lowerEntry(block);
      assertTrue(
          before == null || before.getKey() + first.usableSize(before.getKey()) <= block,
          () -> block + " overlaps " + before);
      Long after = blocks.ceilingKey(block);
      assertTrue(
          after == null || block + usable <= after, () -> block + " + " + usable + ": " + after);
      blocks.put(block, new Content(size, (byte) 0));
    }

    private void fill(long block) {
      Content content = new Content(blocks.get(block).size(), ++nextFill);
      heap.fill(block, content.size(), content.fill());
      blocks.put(block, content);
    }

    private void forget(long block) {
      blocks.remove(block);
    }

    private void verify(long block) {
      verify(block, blocks.get(block).size(), blocks.get(block).fill());
    }

    private void verify(long block, long size, byte fill) {
      for (long at = 0; at < size; at += Math.max(1, size / 20)) {
        assertEquals(fill, heap.getByte(block + at), "content of " + block + " at " + at);
      }
      if (size > 0) {
        assertEquals(fill, heap.getByte(block + size - 1), "end of " + block);
      }
    }

    private void reallocate(Step step, Allocator allocator) {
      if (plain.isEmpty()) {
        return;
      }
      int index = step.index() % plain.size();
      long old = plain.get(index);
      Content content = blocks.get(old);
      long moved;
      try {
        moved = allocator.reallocate(old, step.size());
      } catch (OutOfHeapMemoryException full) {
        requireFull(full, step.size());
        verify(old);
        return;
      }
      forget(old);
      remember(moved, step.size());
      plain.set(index, moved);
      verify(moved, Math.min(content.size(), step.size()), content.fill());
      fill(moved);
    }

    private void freeSome(Step step, Allocator allocator, int most) {
      for (int i = 0; i < most && !plain.isEmpty(); i++) {
        long block = plain.remove(step.index() % plain.size());
        verify(block);
        allocator.free(block);
        forget(block);
        assertThrows(InvalidFreeException.class, () -> allocator.free(block));
      }
    }

    private void allocateInto(Allocator allocator, int slot, long size) {
      long[] seen = new long[1];
      long block;
      try {
        block = allocator.allocateInto(table + 8L * slot, size, b -> seen[0] = b);
      } catch (OutOfHeapMemoryException full) {
        requireFull(full, size);
        return;
      }
      assertEquals(slots[slot] == 0, block != 0);
      if (block != 0) {
        assertEquals(seen[0], block);
        remember(block, size);
        verify(block, size, (byte) 0);
        fill(block);
        slots[slot] = block;
      }
    }

    private void root(Allocator allocator, String name, long size) {
      Long block = roots.get(name);
      if (block != null && blocks.get(block).size() != size) {
        assertThrows(RootMismatchException.class, () -> allocator.root(name, 1, 1, size));
        return;
      }
      RootEntry root;
      try {
        root = allocator.root(name, 1, 1, size);
      } catch (OutOfHeapMemoryException full) {
        requireFull(full, size);
        assertFalse(allocator.findRoot(name).isPresent(), "a root without a block");
        return;
      }
      long found = allocator.get(root.slot());
      if (block == null) {
        remember(found, size);
        verify(found, size, (byte) 0);
        fill(found);
        roots.put(name, found);
      } else {
        assertEquals(block, found);
      }
    }

    void check() {
      AllocatorCheck check = first.check();
      assertEquals(
          List.of(),
          check.findings().stream()
              .filter(f -> !(someoneDied && f.severity() == Severity.RECOVERABLE))
              .toList());
      assertEquals(heap.length(), check.total(), "every byte is explained");
      assertEquals(blocks.size(), check.blocks());
      for (int i = 0; i < SLOTS; i++) {
        assertEquals(slots[i], third.get(table + 8L * i));
      }
      assertEquals(roots.size(), second.roots().size());
      blocks.keySet().stream().filter(block -> block != table).forEach(this::verify);
    }

    /** Frees everything by threads that did not allocate it; nothing is left. */
    void clear() throws Exception {
      actors[1].call(
          () -> {
            for (int i = 0; i < SLOTS; i++) {
              assertEquals(slots[i] != 0, first.freeFrom(table + 8L * i));
            }
            plain.forEach(first::free);
            roots.keySet().forEach(first::removeRoot);
            first.free(table);
            return null;
          });
      for (Actor actor : actors) {
        actor.end();
      }
      third.close();
      second.close();
      first.close();
      AllocatorStatistics statistics = first.statistics();
      assertEquals(0, first.check().blocks());
      assertEquals(List.of(), first.check().findings());
      assertEquals(statistics.chunks(), statistics.emptyChunks(), statistics::toString);
      assertEquals(List.of(), statistics.participants());
      assertNotEquals(0, statistics.chunks());
    }

    @Override
    public void close() throws Exception {
      for (Actor actor : actors) {
        actor.end();
      }
      attached.close();
      heap.close();
    }
  }

  /** A thread that does what it is told, while the one who tells it waits. */
  private static final class Actor {
    private final ExecutorService executor = Executors.newSingleThreadExecutor(this::make);
    private Thread thread;

    private Thread make(Runnable body) {
      thread = new Thread(body);
      return thread;
    }

    <T> T call(Callable<T> action) throws Exception {
      try {
        return executor.submit(action).get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (Exception) e.getCause();
      }
    }

    void end() throws InterruptedException {
      executor.shutdown();
      if (thread != null) {
        thread.join();
      }
    }
  }
}
