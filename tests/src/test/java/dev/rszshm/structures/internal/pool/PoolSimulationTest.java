package dev.rszshm.structures.internal.pool;

import static dev.rszshm.structures.internal.pool.SmallPool.random;
import static dev.rszshm.structures.internal.pool.SmallPool.simulation;
import static dev.rszshm.structures.internal.pool.SmallPool.survivor;
import static dev.rszshm.structures.internal.pool.SmallPool.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
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
    random("two workers", twoWorkers().kills(1).preemptions(4), 5, Storm.count(1500, 100_000));
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
    random("once", once.kills(1).preemptions(4), 7, Storm.count(1000, 100_000));
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
    random("clients", clients.kills(2).preemptions(4), 6, Storm.count(2000, 100_000));
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
    random("withdraw", three.kills(1).preemptions(6), 8, Storm.count(2000, 100_000));
  }

  @Test
  void aReadyTaskIsRunByOneOfTwoWorkers() {
    Simulation two =
        simulation(
            user -> user.ask(TaskRequest.copying(1, false, 0, new byte[0]).unawaited()),
            (s, told) -> {
              user(s, told, "one", SmallPool.User::work);
              survivor(s, told, "two", SmallPool.User::work);
              s.check(p -> assertTrue(told.begun <= 1, "begun twice"));
            });
    random("two claim", two.kills(1).preemptions(6), 9, Storm.count(2000, 100_000));
  }
}
