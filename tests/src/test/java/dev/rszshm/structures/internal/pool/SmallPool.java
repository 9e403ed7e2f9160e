package dev.rszshm.structures.internal.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Simulations with a pool of two task slots on a small heap. What was run, and which results were
 * read, is noted; at the end all slots are free again, and no block is left but the pool's and
 * those in slots of the caller.
 */
final class SmallPool {
  private static final int LOOKS = 1024;
  private static final int SLOTS = 2;
  private static final int RUNS = 3;
  private static final int DEATHS = 3;
  private static final long TYPE = 77;
  static final int LONG = 100;
  static final int OUT = 1;

  /** What happened in a run. */
  static final class Told {
    int begun;
    int asked;
    int read;
    Optional<Failure> failure = Optional.empty();
    int failed;

    /** What must hold at the end besides. */
    Consumer<User> atEnd = user -> {};

    /** How often a block was taken out of the slot of the caller. */
    int taken;
  }

  /** Somebody who uses the pool. */
  static final class User implements AutoCloseable {
    final Allocator allocator;
    final Heap heap;
    final TaskQueue queue;
    private final Told told;

    User(SimulatedProcess process, Told told) {
      this(process.heap(), told);
    }

    /** In a process that is none of a simulation. */
    User(Heap heap) {
      this(heap, new Told());
    }

    private User(Heap heap, Told told) {
      this.heap = heap;
      this.allocator = Allocator.on(heap);
      try {
        this.queue = queue(allocator);
      } catch (Throwable thrown) {
        allocator.close(); // else its lanes are gone, and those that come later wait for one
        throw thrown;
      }
      this.told = told;
    }

    /** The slot of the caller. */
    long destination() {
      return SmallPool.destination(allocator);
    }

    /** Asks for a task; its argument and its result have so many bytes. */
    int ask(int length, boolean repeated) {
      TaskRequest request = TaskRequest.copying(1, repeated, 0, bytes(length));
      return ask(request);
    }

    int ask(TaskRequest request) {
      int slot = queue.submit(request, WaitMode.NOW).orElse(TaskQueue.NONE);
      if (slot != TaskQueue.NONE) {
        told.asked++;
      }
      return slot;
    }

    /** Says that a task may end without having been run. */
    void mayFail() {
      told.failed++;
    }

    /** Reads the result of a task if it is over. */
    void read(int slot) {
      read(slot, true);
    }

    private long read(int slot, boolean looksAtBytes) {
      if (slot == TaskQueue.NONE || !queue.isOver(slot)) {
        return 0;
      }
      TaskOutcome outcome = queue.outcome(slot);
      if (outcome.failure().isEmpty() && looksAtBytes) {
        assertWhole(heap.getBytes(outcome.offset(), (int) outcome.length()));
      }
      told.failure = outcome.failure();
      told.failed += outcome.failure().isPresent() ? 1 : 0;
      told.read++;
      queue.release(slot);
      return outcome.offset();
    }

    /** Asks for a task whose result, a block, goes to the slot of the caller. */
    int askInto() {
      return ask(TaskRequest.copying(1, true, OUT, bytes(8)).into(destination()));
    }

    /** Empties the slot of the caller, as the caller may as soon as something is there. */
    void takeOut() {
      if (allocator.freeFrom(destination())) {
        told.taken++;
      }
    }

    /** Waits for a task, and reads its result. */
    void await(int slot) {
      queue.awaitOver(slot, () -> queue.isOver(slot), WaitMode.UNINTERRUPTIBLE);
      read(slot);
    }

    /** Waits for a task whose result has gone to the slot of the caller; returns where it was. */
    long awaitInto(int slot) {
      queue.awaitOver(slot, () -> queue.isOver(slot), WaitMode.UNINTERRUPTIBLE);
      return read(slot, false);
    }

    /** Takes a task, as a thread of a worker of several, and does not begin it. */
    RunningTask take() {
      RunningTask run = queue.join();
      run.holdTasks();
      assertTrue(queue.tryTake(run), "there is a task");
      return run;
    }

    private long deaths(int slot) {
      return heap.getLong(queue.tables().task(slot) + TaskLayout.DEATHS);
    }

    /** How many workers have died that ran a task alone. */
    int alone(int slot) {
      return TaskLayout.alone(deaths(slot));
    }

    /** How many workers have died that ran a task and others. */
    int inCompany(int slot) {
      return TaskLayout.inCompany(deaths(slot));
    }

    /** Works until the pool is shut down. */
    void serve() {
      RunningTask run = queue.join();
      while (queue.take(run, WaitMode.UNINTERRUPTIBLE).value() == TaskQueue.Next.TASK) {
        run(run);
      }
      run.close();
    }

    /** Works until there is nothing to do. */
    void work() {
      RunningTask run = queue.join();
      while (queue.take(run, WaitMode.NOW).isDone()) {
        run(run);
      }
      run.close();
    }

    private void run(RunningTask run) {
      told.begun++;
      byte[] argument = heap.getBytes(run.argumentOffset(), (int) run.argumentLength());
      if (run.form() == OUT) {
        long block = run.allocate(32);
        run.allocate(16);
        heap.putLong(block, told.begun);
        run.succeed(block, 0, 32);
      } else {
        assertWhole(argument);
        run.allocate(16);
        run.succeed(argument);
      }
    }

    @Override
    public void close() {
      allocator.close();
    }
  }

  private SmallPool() {}

  static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  static void assertWhole(byte[] bytes) {
    for (byte b : bytes) {
      assertEquals(7, b);
    }
  }

  /** The bytes of the pool. */
  static long length() {
    return PoolLayout.length(SLOTS, RUNS);
  }

  static TaskQueue queue(Allocator allocator) {
    long at = allocator.place("pool", TYPE, 1, PoolLayout.length(SLOTS, RUNS), 64);
    return new TaskQueue(PoolTables.at(allocator, at, SLOTS, RUNS, DEATHS));
  }

  static long destination(Allocator allocator) {
    return allocator.place("destination", TYPE, 1, 8);
  }

  static Simulation simulation(BiConsumer<Scenario, Told> story) {
    return simulation(user -> {}, story);
  }

  static Simulation simulation(Consumer<User> before, BiConsumer<Scenario, Told> story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(6))
        .bulkSteps(2)
        .looks(LOOKS)
        .setUp(
            p -> {
              try (User user = new User(p, new Told())) {
                user.queue.own();
                user.destination();
                before.accept(user);
              }
            })
        .scenario(
            s -> {
              Told told = new Told();
              s.recovery(
                  p -> {
                    try (User user = new User(p, told)) {
                      user.queue.recover();
                    }
                  });
              story.accept(s, told);
              s.check(p -> check(p, told));
            });
  }

  static void user(Scenario scenario, Told told, String name, Consumer<User> body) {
    scenario.process(name, p -> use(p, told, body));
  }

  static void survivor(Scenario scenario, Told told, String name, Consumer<User> body) {
    scenario.survivor(name, p -> use(p, told, body));
  }

  private static void use(SimulatedProcess process, Told told, Consumer<User> body) {
    try (User user = new User(process, told)) {
      body.accept(user);
    }
  }

  /** Each block is one of a task or of a run: nothing is lost, whatever is left. */
  private static void check(SimulatedProcess observer, Told told) {
    try (User user = new User(observer, told)) {
      check(user);
      told.atEnd.accept(user);
    }
  }

  /** As above, in a process that is none of a simulation. */
  static void check(User user) {
    check(user.allocator, user.told);
  }

  private static void check(Allocator allocator, Told told) {
    TaskQueue queue = queue(allocator);
    PoolTables tables = queue.tables();
    AllocatorCheck blocks = allocator.check();
    assertTrue(blocks.isSound(), () -> blocks.findings().toString());
    long expected = 2 + count(allocator, destination(allocator));
    int left = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      long task = tables.task(slot);
      long here =
          count(allocator, task + TaskLayout.ARGUMENT) + count(allocator, task + TaskLayout.RESULT);
      expected += here;
      left += queue.isUnderWay(slot) || queue.isOver(slot) ? 1 : 0;
      long word = tables.word(slot);
      if (TaskLayout.state(word) == TaskLayout.FREE) {
        assertEquals(0, here, "blocks of a slot that is free");
      }
    }
    for (int record = 0; record < RUNS; record++) {
      for (int i = RunLayout.MORE; i < RunLayout.LENGTH; i += Long.BYTES) {
        expected += count(allocator, tables.run(record) + i);
      }
    }
    for (int i = 0; i < NameLayout.LENGTH; i += Long.BYTES) {
      expected += count(allocator, tables.at + PoolLayout.NAMES + i);
    }
    assertEquals(expected, blocks.blocks(), "blocks");
    assertTrue(left + told.begun + told.failed >= told.asked, "a task is gone that was not run");
  }

  private static long count(Allocator allocator, long slot) {
    return allocator.get(slot) == 0 ? 0 : 1;
  }
}
