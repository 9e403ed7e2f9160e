package dev.rszshm.structures.internal.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.internal.WaitMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The queue of tasks does what a queue of tasks in Java objects would do. */
class TaskQueuePropertiesTest {
  private static final int SLOTS = 5;
  private static final int RUNS = 2;

  /** A task, and what has become of it. */
  private static final class Modelled {
    final int slot;
    final byte[] argument;
    boolean withdrawn;
    boolean done;

    Modelled(int slot, byte[] argument) {
      this.slot = slot;
      this.argument = argument;
    }
  }

  private static final class State implements AutoCloseable {
    final Heap heap = Heap.builder().span(16 << 20).length(1 << 20).createAnonymous();
    final Allocator allocator = Allocator.on(heap);
    final TaskQueue queue =
        new TaskQueue(
            PoolTables.at(
                allocator,
                allocator.place("pool", 1, 1, PoolLayout.length(SLOTS, RUNS), 64),
                SLOTS,
                RUNS,
                3));
    final long blocks = allocator.check().blocks();
    final List<RunningTask> runs = List.of(queue.join(), queue.join());
    final Map<RunningTask, Modelled> running = new HashMap<>();
    final Deque<Modelled> waiting = new ArrayDeque<>();
    final List<Modelled> there = new ArrayList<>();

    void ask(int length) {
      byte[] argument = new byte[length];
      java.util.Arrays.fill(argument, (byte) length);
      TaskRequest request = TaskRequest.copying(1, true, 0, argument);
      int slot = queue.submit(request, WaitMode.NOW).orElse(TaskQueue.NONE);
      assertEquals(there.size() < SLOTS, slot != TaskQueue.NONE, "there is room");
      if (slot != TaskQueue.NONE) {
        Modelled task = new Modelled(slot, argument);
        waiting.add(task);
        there.add(task);
      }
    }

    void take(RunningTask run) {
      if (running.containsKey(run)) {
        finish(run);
        return;
      }
      boolean taken = queue.tryTake(run);
      assertEquals(!waiting.isEmpty(), taken);
      if (taken) {
        Modelled task = waiting.remove();
        assertArrayEquals(
            task.argument, heap.getBytes(run.argumentOffset(), (int) run.argumentLength()));
        run.allocate(10);
        running.put(run, task);
      }
    }

    private void finish(RunningTask run) {
      Modelled task = running.remove(run);
      assertEquals(!task.withdrawn, run.isWanted());
      assertArrayEquals(
          task.argument, heap.getBytes(run.argumentOffset(), (int) run.argumentLength()));
      boolean fails = task.argument.length % 3 == 0;
      boolean published = fails ? run.fail(task.argument) : run.succeed(task.argument);
      assertEquals(!task.withdrawn, published);
      task.done = true;
      if (task.withdrawn) {
        there.remove(task);
      }
    }

    void read(int number) {
      Modelled task = there.isEmpty() ? null : there.get(number % there.size());
      if (task == null || task.withdrawn) {
        return;
      }
      assertEquals(task.done, queue.isOver(task.slot));
      if (task.done) {
        TaskOutcome outcome = queue.outcome(task.slot);
        boolean fails = task.argument.length % 3 == 0;
        assertEquals(fails ? Optional.of(Failure.THROWN) : Optional.empty(), outcome.failure());
        assertArrayEquals(task.argument, heap.getBytes(outcome.offset(), (int) outcome.length()));
        queue.release(task.slot);
        there.remove(task);
      }
    }

    void withdraw(int number) {
      Modelled task = there.isEmpty() ? null : there.get(number % there.size());
      if (task == null || task.withdrawn) {
        return;
      }
      assertEquals(!task.done, queue.withdraw(task.slot, Failure.CANCELLED));
      if (!task.done) {
        queue.release(task.slot);
        task.withdrawn = true;
        waiting.remove(task);
        if (!running.containsValue(task)) {
          there.remove(task);
        }
      }
    }

    void check() {
      assertEquals(waiting.size(), queue.waiting());
      assertEquals(there.size(), queue.taken());
      assertTrue(allocator.check().isSound());
    }

    void end() {
      for (int i = 0; i < 2 * SLOTS; i++) {
        runs.forEach(this::take);
      }
      for (RunningTask run : runs) {
        if (running.containsKey(run)) {
          take(run);
        }
        run.close();
      }
      while (!there.isEmpty()) {
        read(0);
      }
      assertEquals(0, queue.taken());
      assertEquals(blocks, allocator.check().blocks());
      assertFalse(queue.isShutDown());
    }

    @Override
    public void close() {
      allocator.close();
      heap.close();
    }
  }

  @Property(tries = 200)
  void theQueueDoesWhatItsModelDoes(
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 799) Integer> steps) {
    try (State state = new State()) {
      for (int step : steps) {
        int number = step / 4;
        switch (step % 4) {
          case 0 -> state.ask(number);
          case 1 -> state.take(state.runs.get(number % 2));
          case 2 -> state.read(number);
          default -> state.withdraw(number);
        }
        state.check();
      }
      state.end();
    }
  }
}
