package dev.rszshm.benchmarks;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** The works of the benchmark {@code sync}, the same as in sync.c. */
final class SyncWorks {
  static final int MEMBERS = 2;

  /** How many locks a chase goes round; it needs one more than there are members. */
  static final int CHASE = MEMBERS + 1;

  /** Lines of the area, beside those of the target. */
  private static final int COUNTER = 0;

  private static final int TURN = 1;

  /** Where those of the target begin. */
  static final int TARGET = 2;

  private SyncWorks() {}

  /** Finds a work; null if it is not one of these. */
  static LapWork find(String name, String target, LapMember member) {
    return switch (name) {
      case "lock" -> new Uncontended(SyncTarget.of(target, member), member);
      case "contended" -> new Contended(SyncTarget.of(target, member), member);
      case "handover" -> new Handover(SyncTarget.of(target, member), member);
      case "semaphore" -> new PostAndWait(SyncTarget.of(target, member), member);
      case "semaphore-ping-pong" -> new SemaphorePingPong(SyncTarget.of(target, member), member);
      case "condition-ping-pong" -> new ConditionPingPong(SyncTarget.of(target, member), member);
      default -> null;
    };
  }

  /** One member locks and unlocks. */
  private static final class Uncontended extends LapWork {
    private final Lock lock;
    private final int operations;
    private long counted;
    private long expected;

    Uncontended(SyncTarget target, LapMember member) {
      this.lock = target.lock(0);
      this.operations = member.operations();
    }

    @Override
    long lap() {
      for (int i = 0; i < operations; i++) {
        lock.lock();
        counted++;
        lock.unlock();
      }
      return operations;
    }

    @Override
    void finish() {
      expected += operations;
      expectCount(counted, expected);
    }
  }

  /** Both lock, add 1 to a counter that they share, and unlock. */
  private static final class Contended extends LapWork {
    private final LapMember me;
    private final Lock lock;
    private final long counter;

    Contended(SyncTarget target, LapMember member) {
      this.me = member;
      this.lock = target.lock(0);
      this.counter = member.lines(COUNTER);
    }

    /** All have finished the laps before. */
    @Override
    void prepare(int lap) {
      expectCount(me.heap().getLong(counter), (long) lap * MEMBERS * me.operations());
    }

    @Override
    long lap() {
      for (int i = 0; i < me.operations(); i++) {
        lock.lock();
        me.heap().putLong(counter, me.heap().getLong(counter) + 1);
        lock.unlock();
      }
      return me.operations();
    }
  }

  /**
   * Both go round three locks, one behind the other: each takes the next lock before it gives back
   * the one it has, so that they can only move in turn.
   */
  private static final class Handover extends LapWork {
    private final Lock[] locks = new Lock[CHASE];
    private final int operations;
    private int held;

    Handover(SyncTarget target, LapMember member) {
      for (int i = 0; i < CHASE; i++) {
        locks[i] = target.lock(i);
      }
      this.operations = member.operations();
      this.held = member.number();
    }

    @Override
    void prepare(int lap) {
      if (lap == 0) {
        locks[held].lock();
      }
    }

    @Override
    long lap() {
      for (int i = 0; i < operations; i++) {
        int next = held == CHASE - 1 ? 0 : held + 1;
        locks[next].lock();
        locks[held].unlock();
        held = next;
      }
      return operations;
    }
  }

  /** One member posts and waits. */
  private static final class PostAndWait extends LapWork {
    private final SyncTarget.Permits permits;
    private final int operations;
    private long counted;
    private long expected;

    PostAndWait(SyncTarget target, LapMember member) {
      this.permits = target.permits(0);
      this.operations = member.operations();
    }

    @Override
    long lap() throws InterruptedException {
      for (int i = 0; i < operations; i++) {
        permits.release();
        counted++;
        permits.acquire();
      }
      return operations;
    }

    @Override
    void finish() {
      expected += operations;
      expectCount(counted, expected);
    }
  }

  /** The first posts and waits for the answer; only it counts, so an operation is a round trip. */
  private static final class SemaphorePingPong extends LapWork {
    private final LapMember me;
    private final SyncTarget.Permits there;
    private final SyncTarget.Permits back;

    SemaphorePingPong(SyncTarget target, LapMember member) {
      this.me = member;
      this.there = target.permits(0);
      this.back = target.permits(1);
    }

    @Override
    long lap() throws InterruptedException {
      for (int i = 0; i < me.operations(); i++) {
        if (me.number() == 0) {
          there.release();
          back.acquire();
        } else {
          there.acquire();
          back.release();
        }
      }
      return me.number() == 0 ? me.operations() : 0;
    }
  }

  /**
   * Each waits until it is its turn, gives the turn to the other and signals; only the first
   * counts.
   */
  private static final class ConditionPingPong extends LapWork {
    private final LapMember me;
    private final Lock lock;
    private final Condition mine;
    private final Condition others;
    private final long turn;

    ConditionPingPong(SyncTarget target, LapMember member) {
      this.me = member;
      this.lock = target.lock(0);
      this.mine = target.condition(lock, member.number());
      this.others = target.condition(lock, 1 - member.number());
      this.turn = member.lines(TURN);
    }

    @Override
    long lap() throws InterruptedException {
      for (int i = 0; i < me.operations(); i++) {
        lock.lock();
        try {
          while (me.heap().getInt(turn) != me.number()) {
            mine.await();
          }
          me.heap().putInt(turn, 1 - me.number());
          others.signal();
        } finally {
          lock.unlock();
        }
      }
      return me.number() == 0 ? me.operations() : 0;
    }
  }

  private static void expectCount(long found, long expected) {
    if (found != expected) {
      throw new IllegalStateException("counted to " + found + ", expected " + expected);
    }
  }
}
