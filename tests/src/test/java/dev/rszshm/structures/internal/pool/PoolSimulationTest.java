package dev.rszshm.structures.internal.pool;

import static dev.rszshm.structures.internal.pool.SmallPool.simulation;
import static dev.rszshm.structures.internal.pool.SmallPool.survivor;
import static dev.rszshm.structures.internal.pool.SmallPool.user;
import static dev.rszshm.tests.Schedules.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Clients and workers that are killed anywhere, in all orders: the protocol of TaskSlots. */
class PoolSimulationTest {
  private static void client(Scenario s, SmallPool.Told told, boolean repeated) {
    survivor(
        s,
        told,
        "client",
        user -> {
          user.await(user.ask(8, repeated));
          user.queue.shutDown();
        });
  }

  private static Simulation twoWorkers() {
    return simulation(
        (s, told) -> {
          client(s, told, true);
          user(s, told, "one", SmallPool.User::serve);
          survivor(
              s,
              told,
              "two",
              user -> {
                user.serve();
                assertEquals(Optional.empty(), told.failure);
              });
        });
  }

  @Test
  void aTaskIsDoneAsLongAsAWorkerLives() {
    random("two workers", twoWorkers().kills(1).preemptions(4), 5, Storm.count(400, 100_000));
  }

  @Test
  void aTaskThatMayRunOnceFailsWithItsWorker() {
    Simulation once =
        simulation(
            (s, told) -> {
              client(s, told, false);
              user(s, told, "one", SmallPool.User::serve);
              survivor(
                  s,
                  told,
                  "two",
                  user -> {
                    user.serve();
                    assertTrue(told.begun <= 1, "begun twice");
                  });
            });
    random("once", once.kills(1).preemptions(4), 7, Storm.count(500, 100_000));
  }

  @Test
  void clientsThatDieLeaveTheirTasksToWorkers() {
    Simulation clients =
        simulation(
            (s, told) -> {
              user(s, told, "client", user -> user.ask(SmallPool.LONG, true));
              survivor(s, told, "other", user -> user.ask(8, true));
              user(s, told, "worker", SmallPool.User::work);
              survivor(
                  s,
                  told,
                  "next",
                  user -> {
                    user.queue.recover();
                    user.work();
                  });
            });
    random("clients", clients.kills(2).preemptions(4), 6, Storm.count(400, 100_000));
  }

  /** Two workers want the same task, and its client takes it away. */
  @Test
  void aTaskIsClaimedByOneWorkerOrWithdrawn() {
    Simulation three =
        simulation(
            (s, told) -> {
              survivor(
                  s,
                  told,
                  "client",
                  user -> {
                    int slot = user.ask(SmallPool.LONG, true);
                    if (user.queue.withdraw(slot, Failure.CANCELLED)) {
                      told.begun++; // or not: it need not be run
                      user.queue.release(slot);
                    } else {
                      user.await(slot);
                    }
                  });
              user(s, told, "one", SmallPool.User::work);
              survivor(s, told, "two", SmallPool.User::work);
            });
    random("withdraw", three.kills(1).preemptions(6), 8, Storm.count(400, 100_000));
  }

  @Test
  void aReadyTaskIsRunByOneOfTwoWorkers() {
    Simulation two =
        simulation(
            user -> user.ask(TaskRequest.copying(1, false, 0, new byte[0]).unawaited()),
            (s, told) -> {
              user(s, told, "one", SmallPool.User::work);
              survivor(s, told, "two", SmallPool.User::work);
              told.atEnd = at -> assertTrue(told.begun <= 1, "begun twice");
            });
    random("two claim", two.kills(1).preemptions(6), 9, Storm.count(400, 100_000));
  }

  /** Its worker may die at any step, and the slot may be emptied before anybody notices. */
  @Test
  void aResultGoesToTheSlotOfTheCallerOnceHoweverSoonItIsTakenOut() {
    Simulation taken =
        simulation(
            (s, told) -> {
              survivor(
                  s,
                  told,
                  "client",
                  user -> {
                    user.awaitInto(user.askInto());
                    user.queue.shutDown();
                    user.takeOut();
                    assertEquals(Optional.empty(), told.failure);
                  });
              user(s, told, "one", SmallPool.User::serve);
              survivor(
                  s,
                  told,
                  "two",
                  user -> {
                    user.takeOut();
                    user.serve();
                  });
              survivor(s, told, "taker", SmallPool.User::takeOut);
              told.atEnd = at -> assertEquals(1, told.taken, "effects");
            });
    random("taken out", taken.kills(1).preemptions(6), 10, Storm.count(600, 100_000));
  }

  /** Who has said that there is no result sees none later. */
  @Test
  void aTaskThatIsTakenAwayPutsNothingIntoTheSlotOfTheCaller() {
    Simulation away =
        simulation(
            (s, told) -> {
              boolean[] isAway = new boolean[1];
              survivor(
                  s,
                  told,
                  "client",
                  user -> {
                    int slot = user.askInto();
                    for (int look = 0; look < 100 && user.queue.isReady(slot); look++) {
                      user.queue.isShutDown(); // until a worker has it, or not
                    }
                    isAway[0] = user.queue.withdraw(slot, Failure.TIMED_OUT);
                    if (isAway[0]) {
                      user.mayFail();
                      user.queue.release(slot);
                      assertEquals(0, user.allocator.get(user.destination()), "was there before");
                    } else {
                      user.awaitInto(slot);
                      assertEquals(Optional.empty(), told.failure);
                    }
                    user.queue.shutDown();
                  });
              user(s, told, "one", SmallPool.User::serve);
              survivor(s, told, "two", SmallPool.User::serve);
              told.atEnd =
                  at -> {
                    boolean isEmpty = at.allocator.get(at.destination()) == 0;
                    assertEquals(isAway[0], isEmpty, "taken away");
                    assertFalse(at.queue.isOver(0), "it is over for nobody");
                  };
            });
    random("taken away", away.kills(1).preemptions(6), 11, Storm.count(400, 100_000));
  }

  @Test
  void ofTwoTasksForTheSameSlotOneFailsAndTheBlockOfTheOtherStays() {
    Simulation both =
        simulation(
            (s, told) -> {
              survivor(
                  s,
                  told,
                  "client",
                  user -> {
                    int first = user.askInto();
                    int second = user.askInto();
                    long one = user.awaitInto(first);
                    Optional<Failure> failure = told.failure;
                    long two = user.awaitInto(second);
                    user.queue.shutDown();
                    boolean isFirst = failure.isEmpty();
                    assertEquals(Optional.of(Failure.SLOT_TAKEN), isFirst ? told.failure : failure);
                    assertEquals(Optional.empty(), isFirst ? failure : told.failure);
                    assertEquals(isFirst ? one : two, user.allocator.get(user.destination()));
                  });
              user(s, told, "one", SmallPool.User::serve);
              survivor(s, told, "two", SmallPool.User::serve);
            });
    random("same slot", both.kills(1).preemptions(4), 12, Storm.count(400, 100_000));
  }

  /** A client that is gone when its task is done, and others who deliver in its place. */
  @Test
  void aClientThatDiesLeavesItsResultToWhoeverFindsIt() {
    Simulation left =
        simulation(
            user -> {
              user.askInto();
              user.work();
            },
            (s, told) -> {
              for (String other : List.of("one", "two")) {
                user(
                    s,
                    told,
                    other,
                    user -> {
                      user.queue.recover();
                      user.ask(SmallPool.LONG, true); // perhaps in the same place of the queue
                      user.work();
                      user.queue.recover();
                    });
              }
              survivor(
                  s,
                  told,
                  "taker",
                  user -> {
                    user.queue.recover();
                    user.takeOut();
                  });
              told.atEnd =
                  at -> {
                    int there = at.allocator.get(at.destination()) == 0 ? 0 : 1;
                    int effects = told.taken + there;
                    assertEquals(1, effects, "effects");
                  };
            });
    random("left", left.kills(1).preemptions(5), 13, Storm.count(1250, 100_000));
  }
}
