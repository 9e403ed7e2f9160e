package dev.rszshm.structures.internal.pool;

import static dev.rszshm.structures.internal.pool.SmallPool.explore;
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
    explore("two workers", twoWorkers().kills(1).preemptions(Storm.count(1, 2)));
    random("two workers, at random", twoWorkers().kills(1).preemptions(4), 5, 1000);
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
    explore("once", once.kills(1).preemptions(Storm.count(1, 2)));
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
    random("clients, at random", clients.kills(2).preemptions(4), 6, 2000);
  }
}
