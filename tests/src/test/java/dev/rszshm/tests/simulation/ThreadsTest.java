package dev.rszshm.tests.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Mutex;
import dev.rszshm.testkit.simulation.Exploration;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several threads in one simulated process: they race, share what it has, and die together. */
class ThreadsTest {
  private static final ProcessBody ADD =
      p -> p.memory().putLong(p.word(0), p.memory().getLong(p.word(0)) + 1);

  private static Simulation ofHeap() {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).length(16384).participants(4));
  }

  @Test
  void threadsOfOneProcessRace() {
    Set<Long> counts = new HashSet<>();
    Simulation.ofWords(1)
        .scenario(
            s ->
                s.process("one", ADD)
                    .thread("two", ADD)
                    .check(p -> counts.add(p.memory().getLong(p.word(0)))))
        .explore();
    assertEquals(Set.of(1L, 2L), counts);
  }

  /** An owner is its tag, and the thread behind it: a lock must tell two threads apart. */
  @Test
  void aLockThatOnlyKnowsTheTagIsFound() {
    ProcessBody enter =
        p -> {
          Heap heap = p.heap();
          long lock = heap.dataOffset();
          int tag = heap.self().orElseThrow().tag();
          long owner = heap.getLongVolatile(lock);
          if (owner == tag || heap.compareAndSetLong(lock, 0, tag)) {
            long count = heap.getLong(lock + 8);
            heap.putLong(lock + 8, count + 1);
            heap.putLongRelease(lock, 0);
          } else {
            heap.getAndAddLong(lock + 16, 1); // was refused
          }
        };
    ProcessBody check =
        p -> {
          long at = p.heap().dataOffset();
          assertEquals(2, p.heap().getLong(at + 8) + p.heap().getLong(at + 16), "visits");
        };
    assertTrue(
        ofHeap()
            .scenario(s -> s.process("one", enter).process("two", enter).check(check))
            .explore()
            .complete());
    ScheduleFailure found =
        assertThrows(
            ScheduleFailure.class,
            () ->
                ofHeap()
                    .scenario(s -> s.process("one", enter).thread("two", enter).check(check))
                    .explore());
    assertTrue(found.getMessage().contains("visits"), found::getMessage);
  }

  @Test
  void aMutexKeepsThreadsOfOneProcessApart() {
    ProcessBody enter =
        p -> {
          Mutex mutex = Mutex.at(p.heap(), p.heap().dataOffset());
          mutex.lock();
          long at = p.heap().dataOffset() + 1024;
          p.heap().putLong(at, p.heap().getLong(at) + 1);
          mutex.unlock();
        };
    Exploration exploration =
        ofHeap()
            .scenario(
                s ->
                    s.process("one", enter)
                        .thread("two", enter)
                        .check(
                            p -> assertEquals(2, p.heap().getLong(p.heap().dataOffset() + 1024))))
            .explore();
    System.out.println("a mutex of two threads: " + exploration);
    assertTrue(exploration.complete());
  }

  @Test
  void aDeathTakesAllThreads() {
    Set<List<Boolean>> ends = new HashSet<>();
    Simulation.ofWords(2)
        .scenario(
            s -> {
              SimulatedProcess[] both = new SimulatedProcess[2];
              for (int i = 0; i < 2; i++) {
                int mine = i;
                ProcessBody body =
                    p -> {
                      both[mine] = p;
                      p.memory().putLong(p.word(mine), 1);
                      p.memory().putLong(p.word(mine), 2);
                    };
                if (i == 0) {
                  s.process("one", body);
                } else {
                  s.thread("two", body);
                }
              }
              s.check(
                  p -> {
                    boolean first = p.memory().getLong(p.word(0)) == 2;
                    ends.add(List.of(first, p.memory().getLong(p.word(1)) == 2));
                    for (SimulatedProcess one : both) {
                      assertTrue(one == null || !one.isAlive());
                    }
                  });
            })
        .kills(1)
        .explore();
    assertEquals(
        Set.of(
            List.of(true, true), List.of(true, false), List.of(false, true), List.of(false, false)),
        ends);
  }

  @Test
  void aThreadThatWaitsForAJavaLockIsReportedAndNotWaitedFor() {
    Object lock = new Object();
    ProcessBody body =
        p -> {
          synchronized (lock) {
            p.memory().getAndAddLong(p.word(0), 1);
            p.memory().getAndAddLong(p.word(0), 1);
          }
        };
    Simulation simulation =
        Simulation.ofWords(1).scenario(s -> s.process("one", body).thread("two", body));
    IllegalStateException found = assertThrows(IllegalStateException.class, simulation::explore);
    assertTrue(found.getMessage().contains("waits outside of the simulation"), found::getMessage);
  }
}
