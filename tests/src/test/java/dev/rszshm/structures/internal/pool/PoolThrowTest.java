package dev.rszshm.structures.internal.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.faults.ThrowPoint;
import dev.rszshm.testkit.process.ScratchDirectory;
import dev.rszshm.tests.Storm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An error at any access of a pool. A client goes on with the pool, in the same process; a worker
 * ends, and another one does its task. No place in the queue is lost, and no block.
 */
class PoolThrowTest {
  /** A prime, so that it comes to other places of each loop. */
  private static final int STEP = Storm.oneIn(13);

  /** Something that a process does with a pool that is there. */
  private interface Act {
    void run(SmallPool.User user);
  }

  private static Heap make(Path path, Platform platform) {
    return Heap.builder().span(2 << 20).platform(platform).create(path);
  }

  /** What is done with the heap at a path, once for each place at which something is thrown. */
  private interface Story {
    void run(Path path, ThrowPoint point) throws Exception;
  }

  private static void atEachPlace(Story story) throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int[] number = {0};
      int places =
          ThrowAnywhere.on(Platform.host())
              .every(STEP)
              .run(point -> story.run(directory.path().resolve("heap" + number[0]++), point));
      assertTrue(places > 5, "there are " + places + " places");
    }
  }

  /** Lets a client throw: it goes on. */
  private static void client(Act before, Act act) throws Exception {
    atEachPlace(
        (path, point) -> {
          try (Heap heap = make(path, point.platform());
              SmallPool.User user = new SmallPool.User(heap)) {
            user.queue.own();
            user.destination();
            before.run(user);
            point.act(() -> act.run(user));
            goesOn(user);
          }
        });
  }

  /** Lets a worker throw and end: others go on. */
  private static void worker(Act act) throws Exception {
    atEachPlace(
        (path, point) -> {
          try (Heap heap = make(path, Platform.host());
              SmallPool.User user = new SmallPool.User(heap)) {
            user.queue.own();
            user.destination();
            user.ask(SmallPool.LONG, true);
          }
          try (Heap heap = Heap.builder().platform(point.platform()).attach(path);
              SmallPool.User user = new SmallPool.User(heap)) {
            point.act(() -> act.run(user));
          }
          try (Heap heap = Heap.attach(path);
              SmallPool.User user = new SmallPool.User(heap)) {
            goesOn(user);
          }
        });
  }

  private static void goesOn(SmallPool.User user) {
    user.queue.recover();
    user.queue.disown();
    user.queue.own(); // opens it
    user.work();
    for (int slot = 0; slot < user.queue.tables().slots; slot++) {
      user.queue.release(slot); // what was asked for and is known
    }
    for (int i = 0; i < 3; i++) {
      int first = user.ask(SmallPool.LONG, true);
      int second = user.ask(1, true);
      assertTrue(first != TaskQueue.NONE && second != TaskQueue.NONE, "a place is lost");
      user.work();
      user.read(first);
      user.read(second);
    }
    user.queue.recover();
    user.allocator.recover();
    assertEquals(0, user.queue.taken(), "places that are taken");
    SmallPool.check(user);
  }

  @Test
  void asking() throws Exception {
    client(user -> {}, user -> user.ask(SmallPool.LONG, true));
  }

  /** Others find no place that is lost, though this process never asks again. */
  @Test
  void askingLeavesNoPlaceTaken() throws Exception {
    for (TaskRequest request :
        List.of(
            TaskRequest.copying(1, true, 0, SmallPool.bytes(SmallPool.LONG)),
            TaskRequest.copying(1, true, 0, SmallPool.bytes(1)).unawaited())) {
      atEachPlace(
          (path, point) -> {
            try (Heap heap = make(path, point.platform());
                SmallPool.User user = new SmallPool.User(heap)) {
              user.queue.own();
              point.act(() -> user.ask(request));
              int under = user.queue.underWay();
              assertEquals(under, user.queue.taken(), "places of tasks that will not be run");
              user.work();
              boolean isAwaited = !point.hasThrown() && request.isAwaited();
              assertEquals(isAwaited ? 1 : 0, user.queue.taken(), "places that are taken");
            }
          });
    }
  }

  @Test
  void askingForSomethingShort() throws Exception {
    client(user -> {}, user -> user.ask(1, false));
  }

  @Test
  void readingAndReleasing() throws Exception {
    int[] slot = {0};
    client(
        user -> {
          slot[0] = user.ask(SmallPool.LONG, true);
          user.work();
        },
        user -> user.read(slot[0]));
  }

  @Test
  void cancelling() throws Exception {
    int[] slot = {0};
    client(
        user -> slot[0] = user.ask(SmallPool.LONG, true),
        user -> {
          user.mayFail();
          user.queue.withdraw(slot[0], Failure.CANCELLED);
          user.queue.release(slot[0]);
        });
  }

  @Test
  void givingUp() throws Exception {
    int[] slot = {0};
    client(
        user -> slot[0] = user.ask(SmallPool.LONG, true),
        user -> {
          user.queue.abandon(slot[0]);
        });
  }

  @Test
  void closing() throws Exception {
    client(
        user -> user.ask(SmallPool.LONG, true),
        user -> {
          user.mayFail();
          user.queue.shutDown();
          user.queue.stop();
          user.queue.disown();
        });
  }

  @Test
  void recovering() throws Exception {
    client(user -> user.ask(SmallPool.LONG, true), user -> user.queue.recover());
  }

  @Test
  void running() throws Exception {
    worker(SmallPool.User::work);
  }

  @Test
  void runningWithBlocksAndAResultOfItsOwn() throws Exception {
    worker(
        user -> {
          RunningTask run = user.queue.join();
          assertTrue(user.queue.take(run, WaitMode.NOW).isDone());
          long block = 0;
          for (int i = 0; i < 20; i++) {
            block = run.allocate(64);
          }
          run.free(block);
          block = run.allocate(SmallPool.LONG);
          user.heap.putBytes(block, SmallPool.bytes(SmallPool.LONG));
          run.succeed(block, 0, SmallPool.LONG);
          run.close();
        });
  }
}
