package dev.rszshm.testkit.process;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The threads on which the roles of one worker are played. */
final class RoleThreads {
  private RoleThreads() {}

  static void play(List<? extends WorkerJob> roles, WorkerContext context, Pause pause)
      throws Exception {
    pause.add(roles.size() - 1); // the calling thread does nothing but wait for them
    BlockingQueue<Optional<Throwable>> ends = new LinkedBlockingQueue<>();
    for (int i = 0; i < roles.size(); i++) {
      WorkerJob role = roles.get(i);
      Thread thread = new Thread(() -> ends.add(endOf(role, context, pause)), "role-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    for (int ended = 0; ended < roles.size(); ended++) {
      Optional<Throwable> failure = ends.take();
      if (failure.isPresent()) {
        rethrow(failure.get());
      }
    }
    pause.add(1);
  }

  private static Optional<Throwable> endOf(WorkerJob role, WorkerContext context, Pause pause) {
    try {
      role.run(context);
      return Optional.empty();
    } catch (Throwable e) {
      return Optional.of(e);
    } finally {
      pause.add(-1);
    }
  }

  private static void rethrow(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (Exception) failure;
  }
}
