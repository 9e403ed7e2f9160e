package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.List;

/** The threads that simulated processes run in, one execution after the other. */
final class Crew implements AutoCloseable {
  /** A thread that does a job whenever it gets the turn and has one. */
  static final class Member {
    private final Thread thread;
    final Turn turn;
    private volatile Runnable job = () -> {};
    private volatile boolean dismissed;

    private Member(int number) {
      thread = new Thread(this::work, "simulated-process-" + number);
      thread.setDaemon(true);
      turn = new Turn(thread);
    }

    Thread thread() {
      return thread;
    }

    /** Sets what the thread does with its first turn. */
    void assign(Runnable task) {
      job = task;
    }

    private void work() {
      turn.take();
      while (!dismissed) {
        job.run();
        turn.take();
      }
    }

    private void dismiss() {
      dismissed = true;
      turn.give();
    }
  }

  private final List<Member> members = new ArrayList<>();

  /** The thread for the process of a number. */
  Member member(int number) {
    while (members.size() <= number) {
      Member member = new Member(members.size());
      members.add(member);
      member.thread.start();
    }
    return members.get(number);
  }

  @Override
  public void close() {
    members.forEach(Member::dismiss);
  }
}
