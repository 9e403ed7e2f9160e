package dev.rszshm.structures.internal.pool;

import static dev.rszshm.structures.internal.pool.SmallPool.LONG;
import static dev.rszshm.structures.internal.pool.SmallPool.simulation;
import static dev.rszshm.structures.internal.pool.SmallPool.survivor;
import static dev.rszshm.structures.internal.pool.SmallPool.user;
import static dev.rszshm.tests.Schedules.crashes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * A process dies at each store of what it does with a pool, and whoever recovers at each store of
 * the recovery: the task is run or it is for the next one, and no slot and no block is lost.
 */
class PoolCrashTest {
  @Test
  void aTaskIsAskedForOrNot() {
    crashes(
        "ask",
        simulation(
            (s, told) -> {
              user(s, told, "client", user -> user.ask(LONG, true));
              survivor(
                  s,
                  told,
                  "worker",
                  user -> {
                    user.queue.recover();
                    user.work();
                  });
            }));
  }

  @Test
  void aTaskIsRunByTheNextIfItsWorkerDies() {
    crashes(
        "work",
        simulation(
            (s, told) -> {
              int[] slot = new int[1];
              survivor(s, told, "client", user -> slot[0] = user.ask(LONG, true));
              user(s, told, "worker", SmallPool.User::work);
              survivor(
                  s,
                  told,
                  "next",
                  user -> {
                    user.queue.recover();
                    user.work();
                  });
            }));
  }

  @Test
  void aShortResultIsReadOnce() {
    crashes(
        "read",
        simulation(
            (s, told) ->
                user(
                    s,
                    told,
                    "client",
                    user -> {
                      int slot = user.ask(8, true);
                      user.work();
                      user.read(slot);
                      assertTrue(told.failure.isEmpty());
                      assertEquals(1, told.read);
                    })));
  }

  @Test
  void aResultIsInTheSlotOfTheCallerOnce() {
    crashes(
        "into",
        simulation(
            (s, told) -> {
              survivor(
                  s,
                  told,
                  "client",
                  user ->
                      user.ask(
                          TaskRequest.copying(1, true, SmallPool.OUT, SmallPool.bytes(8))
                              .into(user.destination())
                              .unawaited()));
              user(s, told, "worker", SmallPool.User::work);
              survivor(
                  s,
                  told,
                  "next",
                  user -> {
                    user.queue.recover();
                    user.work();
                    assertTrue(user.allocator.get(user.destination()) != 0);
                  });
            }));
  }

  @Test
  void aResultIsDeliveredOnceIfItsClientDies() {
    crashes(
        "deliver",
        simulation(
            (s, told) -> {
              user(
                  s,
                  told,
                  "client",
                  user -> {
                    int slot = user.askInto();
                    user.work();
                    user.awaitInto(slot);
                  });
              survivor(
                  s,
                  told,
                  "next",
                  user -> {
                    user.queue.recover();
                    user.work();
                    user.queue.recover();
                    user.takeOut();
                    assertTrue(told.taken <= 1, told.taken + " effects");
                    assertTrue(told.taken >= told.asked, "no effect");
                  });
            }));
  }

  @Test
  void aTaskIsWithdrawnOrNot() {
    crashes(
        "withdraw",
        simulation(
            (s, told) -> {
              user(
                  s,
                  told,
                  "client",
                  user -> {
                    int slot = user.ask(LONG, true);
                    user.queue.withdraw(slot, Failure.CANCELLED);
                    user.queue.release(slot);
                    user.read(user.ask(8, true));
                  });
              survivor(
                  s,
                  told,
                  "worker",
                  user -> {
                    user.queue.recover();
                    user.work();
                  });
              told.begun = 1;
            }));
  }

  /** A worker of two threads, each with a task, and one more task that it has not begun. */
  @Test
  void noTaskIsToBlameForTheDeathOfAWorkerThatRanAnother() {
    crashes(
        "blame",
        simulation(
            (s, told) -> {
              int[] slots = new int[2];
              survivor(
                  s,
                  told,
                  "client",
                  user -> {
                    slots[0] = user.ask(8, true);
                    slots[1] = user.ask(8, true);
                  });
              survivor(
                  s,
                  told,
                  "worker",
                  user -> {
                    user.take().begin();
                    user.take().begin();
                  });
              user(s, told, "one", user -> user.queue.recover());
              survivor(
                  s,
                  told,
                  "next",
                  user -> {
                    user.queue.recover();
                    for (int slot : slots) {
                      assertEquals(0, user.alone(slot), "deaths as the only one");
                      assertEquals(1, user.inCompany(slot), "deaths with others");
                    }
                    user.work();
                  });
            }));
  }

  @Test
  void aTaskThatWasTakenAndNotBegunIsNotToBlame() {
    crashes(
        "held",
        simulation(
            (s, told) -> {
              int[] slots = new int[2];
              survivor(
                  s,
                  told,
                  "client",
                  user -> {
                    slots[0] = user.ask(8, true);
                    slots[1] = user.ask(8, false);
                  });
              survivor(
                  s,
                  told,
                  "worker",
                  user -> {
                    user.take().begin();
                    user.take();
                  });
              user(s, told, "one", user -> user.queue.recover());
              survivor(
                  s,
                  told,
                  "next",
                  user -> {
                    user.queue.recover();
                    assertEquals(1, user.alone(slots[0]), "deaths as the only one");
                    assertEquals(0, user.alone(slots[1]), "deaths before it has begun");
                    assertTrue(user.queue.isReady(slots[1]), "it was not run, and is to be");
                    user.work();
                  });
            }));
  }
}
