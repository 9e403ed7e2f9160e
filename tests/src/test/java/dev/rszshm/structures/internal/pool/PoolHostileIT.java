package dev.rszshm.structures.internal.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.structures.pool.PoolView;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.testkit.faults.HostileWords;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Any word of a pool may be any other. */
class PoolHostileIT {
  private static final Duration BRIEFLY = Duration.ofMillis(5);

  /** A pool with a task that is done, one that is ready, and a worker with blocks. */
  public static final class Trial implements HostileWords.Trial {
    private interface Use {
      void run(SmallPool.User user) throws Exception;
    }

    private static HostileWords.Operation with(Use use) {
      return heap -> {
        try (SmallPool.User user = new SmallPool.User(heap)) {
          use.run(user);
        }
      };
    }

    @Override
    public HeapBuilder builder() {
      return Heap.builder().span(4 << 20).length(256 << 10).participants(8);
    }

    @Override
    public void prepare(Heap heap) {
      try (SmallPool.User user = new SmallPool.User(heap)) {
        user.queue.own();
        user.queue.tables().names().intern("a task");
        user.ask(SmallPool.LONG, true);
        user.work();
        user.ask(SmallPool.LONG, false);
        RunningTask run = user.queue.join(); // and never ends
        for (int i = 0; i < 40; i++) {
          run.allocate(64);
        }
      }
    }

    private static long place(Heap heap) {
      try (Allocator allocator = Allocator.on(heap)) {
        return SmallPool.queue(allocator).tables().offset();
      }
    }

    @Override
    public long from(Heap heap) {
      return place(heap);
    }

    @Override
    public long to(Heap heap) {
      return place(heap) + SmallPool.length();
    }

    @Override
    public Map<String, HostileWords.Operation> operations() {
      return Map.of(
          "1 look",
          with(
              user -> {
                user.queue.underWay();
                user.queue.waiting();
                user.queue.workers();
                user.queue.workerTags();
                user.queue.isOwned();
                new DeathNotes(user.queue.tables()).of(1);
                PoolView view = PoolView.at(user.allocator, user.queue.tables().offset());
                String unused = view.toString();
                view.tasks();
              }),
          "2 read",
          with(
              user -> {
                for (int slot = 0; slot < user.queue.tables().slots; slot++) {
                  if (user.queue.isOver(slot)) {
                    TaskOutcome outcome = user.queue.outcome(slot);
                    user.heap.getBytes(outcome.offset(), (int) outcome.length());
                    user.queue.release(slot);
                  }
                }
              }),
          "3 work",
          with(
              user -> {
                RunningTask run = user.queue.join();
                for (int i = 0; i < 5 && user.queue.tryTake(run); i++) {
                  user.queue.tables().names().get(run.name());
                  user.heap.getBytes(run.argumentOffset(), (int) run.argumentLength());
                  run.allocate(16);
                  run.succeed(new byte[SmallPool.LONG]);
                }
                run.close();
              }),
          "4 ask",
          with(
              user -> {
                user.queue.tables().names().intern("another task");
                for (int i = 0; i < 3; i++) {
                  user.ask(SmallPool.LONG, true);
                }
              }),
          "5 wait",
          with(
              user ->
                  user.queue.awaitOver(
                      0, () -> user.queue.isOver(0), WaitMode.within(user.heap, BRIEFLY))),
          "6 cancel",
          with(
              user -> {
                user.queue.withdraw(1, Failure.CANCELLED);
                user.queue.abandon(1);
                user.queue.release(0);
              }),
          "7 own",
          with(
              user -> {
                user.queue.own();
                user.queue.recover();
                user.queue.disown();
              }),
          "8 stop",
          with(
              user -> {
                user.queue.shutDown();
                user.queue.stop();
                user.queue.recover();
              }),
          "9 end",
          with(
              user -> { // as WorkerPool.close does, which must come to an end
                user.queue.own();
                user.queue.shutDown();
                while (user.queue.underWay() > 0) {
                  user.queue.recover();
                  user.work();
                }
              }));
    }
  }

  @Test
  void noWordOfAPoolCrashesHangsOrConfusesItsUsers() {
    HostileWords.of(Trial.class).rounds(Storm.count(150, 10_000)).run();
  }
}
