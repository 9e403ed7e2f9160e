package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.sync.Mutex;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A heap that is closed while another thread of its process is at work with it, and a process that
 * takes what was left as soon as that participant is not alive any more: the protocol of {@code
 * Span}. The worker ends with an {@link IllegalStateException} or has done what it wanted, and
 * changes nothing that belongs to the heir.
 *
 * <p>The worker may stand between the check of an access and the access while the heap is closed.
 * It then finds empty pages, which stay until it has ended: when a JVM may give the addresses back
 * is no matter of an order of accesses, and not shown here.
 */
class ClosingSimulationTest {
  private static final int MUTEX = 0;
  private static final int OWNER = 256;
  private static final int VALUE = 264;
  private static final int SIGNAL = 272;

  private static final int TAKEN = 280;
  private static final long HEIRS = 100;
  private static final long SEED = 12;

  private static Simulation heap() {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).length(16384).participants(4))
        .bulkSteps(2);
  }

  private static long at(SimulatedProcess p, int place) {
    return p.heap().dataOffset() + place;
  }

  private static Simulation closing(Simulation heap, ProcessBody work, ProcessBody inheriting) {
    return heap.scenario(
        s -> {
          s.process(
              "closer",
              p -> {
                p.heap().getLong(at(p, OWNER)); // a close that begins with a step of its own
                p.heap().close();
                assertThrows(IllegalStateException.class, () -> p.heap().getLong(at(p, OWNER)));
                assertFalse(p.heap().isOpen());
              });
          s.thread("worker", p -> workUntilClosed(p, work));
          s.process("heir", inheriting);
          s.check(
              p -> {
                boolean taken = p.heap().getLong(at(p, TAKEN)) != 0;
                assertTrue(!taken || p.heap().getLong(at(p, VALUE)) == HEIRS + 1, "overwritten");
              });
        });
  }

  private static void workUntilClosed(SimulatedProcess p, ProcessBody work) throws Exception {
    boolean closed = false;
    try {
      work.run(p);
    } catch (IllegalStateException e) {
      assertTrue(e.getMessage().contains("is closed in this process"), e::toString);
      assertFalse(p.heap().isOpen(), "an open heap that says it is closed");
      closed = true;
    }
    p.sometimes("the worker ends by the close", closed);
    p.sometimes("the worker ends by itself", !closed);
  }

  /** Stores, and finds again what it stored: nobody else may. */
  private static void use(SimulatedProcess p) {
    p.heap().putLong(at(p, VALUE), HEIRS);
    assertEquals(HEIRS, p.heap().getLong(at(p, VALUE)));
    p.heap().putLong(at(p, VALUE), HEIRS + 1);
    assertEquals(HEIRS + 1, p.heap().getLong(at(p, VALUE)));
    p.heap().putLong(at(p, TAKEN), 1);
  }

  private static int tag(SimulatedProcess p) {
    return p.heap().self().map(Participant::tag).orElseThrow();
  }

  private static void writeWhatIsOurs(SimulatedProcess p) {
    p.heap().putLongRelease(at(p, OWNER), tag(p));
    for (int i = 0; i < 3; i++) {
      p.heap().putLong(at(p, VALUE), i);
    }
  }

  private static void takeWhatTheDeadLeft(SimulatedProcess p) {
    long owner = p.heap().getLongAcquire(at(p, OWNER));
    boolean left = owner != 0 && !p.heap().isAlive((int) owner);
    if (left) {
      use(p);
    }
    p.sometimes("something is left", left);
  }

  @Test
  void nobodyWritesToWhatAnotherHasTakenAfterAClose() {
    Simulation writing =
        closing(
            heap(),
            ClosingSimulationTest::writeWhatIsOurs,
            ClosingSimulationTest::takeWhatTheDeadLeft);
    Schedules.explore("close beside a writer", writing.preemptions(Storm.count(3, 5)));
    Schedules.explore("close beside a writer, a death", writing.kills(1).preemptions(1));
  }

  @Test
  void anAtomicChangeThatComesTooLateChangesNothing() {
    Simulation adding =
        closing(
            heap(),
            p -> {
              p.heap().putLongRelease(at(p, OWNER), tag(p));
              for (int i = 0; i < 3; i++) {
                p.heap().getAndAddLong(at(p, VALUE), 1);
              }
              p.heap().compareAndSetLong(at(p, VALUE), HEIRS, 3);
            },
            ClosingSimulationTest::takeWhatTheDeadLeft);
    Schedules.explore("close beside atomic changes", adding.preemptions(Storm.count(3, 5)));
    Schedules.explore(
        "close beside atomic changes, a death", adding.kills(1).preemptions(Storm.count(1, 2)));
  }

  private static void enter(SimulatedProcess p, ProcessBody section) throws Exception {
    Mutex mutex = Mutex.at(p.heap(), at(p, MUTEX));
    mutex.onOwnerDied(() -> p.heap().putLong(at(p, VALUE), 0));
    mutex.lock();
    section.run(p);
    try {
      mutex.unlock();
    } catch (IllegalMonitorStateException e) {
      // An unlock that finds the zeros of a closed heap may also say that it is free.
      assertFalse(p.heap().isOpen(), e::toString);
    }
  }

  /** Only stores: what a late load finds is 0. */
  private static void storeWithTheLock(SimulatedProcess p) {
    p.heap().putIntRelease(at(p, SIGNAL), 1);
    p.heap().wake(at(p, SIGNAL), 1);
    p.heap().putLong(at(p, VALUE), 1);
    p.heap().putLong(at(p, VALUE), 2);
  }

  /**
   * The heir comes when the worker has the lock. One that found it taken would ask who is alive,
   * with a lock of Java's that a close waits for, which no simulation shows.
   */
  @Test
  void aLockHeldWhenItsHeapIsClosedPassesToWhoCannotBeDisturbed() {
    Simulation locking =
        closing(
            heap(),
            p -> enter(p, ClosingSimulationTest::storeWithTheLock),
            p -> {
              p.heap().waitWhile(at(p, SIGNAL), 0, Duration.ofSeconds(1));
              enter(p, ClosingSimulationTest::use);
            });
    Schedules.explore("close beside a lock", locking.preemptions(Storm.count(2, 4)));
    Schedules.explore(
        "close beside a lock, a death", locking.kills(1).preemptions(Storm.count(1, 2)));
  }

  @Test
  void aWaitEndsWhenItsHeapIsClosed() {
    Simulation waiting =
        closing(
            heap(),
            p -> p.heap().waitWhile(at(p, SIGNAL), 0, Duration.ofDays(1)),
            p -> {
              if (p.choose(2) == 1) {
                p.heap().putIntRelease(at(p, SIGNAL), 1);
                p.heap().wake(at(p, SIGNAL), 1);
              }
            });
    Schedules.explore("close beside a sleeper", waiting.preemptions(Storm.count(2, 4)));
    Schedules.explore(
        "close beside a sleeper, a death", waiting.kills(1).preemptions(Storm.count(1, 2)));
  }

  private static void allocate(SimulatedProcess p, Allocator allocator, long value) {
    long block = allocator.allocate(64);
    p.heap().putLong(block, value);
    p.heap().putLong(block, value + 1);
    allocator.free(block);
  }

  /**
   * The heap is closed once the worker has what it allocates from. Up to then it may hold a lock of
   * Java's that a close waits for, which no simulation shows.
   */
  private static void allocateUntilClosed(SimulatedProcess p, long warm) {
    Allocator allocator = Allocator.on(p.heap());
    allocator.allocate(64);
    p.heap().putIntRelease(warm, 1);
    p.heap().wake(warm, 1);
    try {
      allocate(p, allocator, 1);
    } catch (HeapException e) {
      // An operation that finds the zeros of a closed heap may also say that these are damage.
      assertFalse(p.heap().isOpen(), e::toString);
    }
  }

  @Test
  void whatAnAllocationLeavesInAClosedHeapIsRecovered() {
    long[] warm = new long[1];
    Simulation allocating =
        Simulation.ofHeap(() -> Heap.builder().span(1 << 22).participants(4))
            .setUp(
                p -> {
                  try (Allocator allocator = Allocator.on(p.heap())) {
                    warm[0] = allocator.allocateZeroed(64);
                  }
                })
            .scenario(
                s -> {
                  s.process(
                      "closer",
                      p -> {
                        assertTrue(p.heap().waitWhile(warm[0], 0, Duration.ofDays(1)));
                        p.heap().close();
                      });
                  s.thread("worker", p -> workUntilClosed(p, q -> allocateUntilClosed(q, warm[0])));
                  s.process("heir", p -> inherit(p));
                })
            .bulkSteps(2);
    Schedules.explore("close beside an allocation", allocating.preemptions(Storm.count(1, 2)));
    System.out.println(
        "close beside an allocation, deaths at random: "
            + allocating.kills(1).preemptions(2).random(SEED, Storm.count(400, 100_000)));
  }

  private static void inherit(SimulatedProcess p) {
    try (Allocator allocator = Allocator.on(p.heap())) {
      allocator.recover();
      long block = allocator.allocate(64);
      p.heap().putLong(block, HEIRS);
      assertEquals(HEIRS, p.heap().getLong(block));
      allocator.free(block);
    }
  }
}
