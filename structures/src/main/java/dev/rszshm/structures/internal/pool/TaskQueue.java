package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.pool.errors.DamagedPoolException;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.Spinning;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a pool, for clients and for workers: {@link TaskSlots}, their order, and how both
 * wait. Any thread may use one, and a process may have any number.
 */
public final class TaskQueue {
  /** No slot. */
  public static final int NONE = TaskSlots.NONE;

  /** How a wait for a task ends. */
  public enum Next {
    /** There is one. */
    TASK,
    /** There is none, and there will be none. */
    END
  }

  private final PoolTables tables;
  private final Heap heap;
  private final ReadyRing ring;
  private final Runs runs;
  private final TaskSlots slots;
  private final TaskRecovery recovery;
  private final DeathWatch deaths;
  private final Spinning spinning;
  private final long state;

  /** Uses the pool whose parts are there. */
  public TaskQueue(PoolTables tables) {
    this.tables = tables;
    this.heap = tables.heap;
    this.ring = new ReadyRing(tables);
    this.runs = new Runs(tables);
    this.slots = new TaskSlots(tables, ring, runs);
    this.recovery = new TaskRecovery(tables, slots, runs);
    this.deaths = new DeathWatch(heap);
    this.spinning = new Spinning(heap);
    this.state = tables.at + PoolLayout.STATE;
  }

  /** Returns where the parts of the pool are. */
  public PoolTables tables() {
    return tables;
  }

  // The state of the pool.

  /**
   * Becomes the process that has the workers, and opens the pool.
   *
   * @return 0, or the tag of the living process that has them
   */
  public int own() {
    while (true) {
      long found = heap.getLongVolatile(state);
      int owner = PoolLayout.owner(found);
      if (owner != 0 && tables.isAlive(owner)) {
        return owner;
      }
      if (heap.compareAndSetLong(state, found, PoolLayout.state(tables.self, PoolLayout.OPEN))) {
        tables.control.signalAll();
        return 0;
      }
    }
  }

  /** Says that this process has the workers no more. */
  public void disown() {
    long found = heap.getLongVolatile(state);
    while (PoolLayout.owner(found) == tables.self
        && !heap.compareAndSetLong(state, found, PoolLayout.state(0, PoolLayout.level(found)))) {
      found = heap.getLongVolatile(state);
    }
    tables.control.signalAll();
  }

  /** Returns whether the process that has the workers lives. */
  public boolean isOwned() {
    int owner = PoolLayout.owner(heap.getLongVolatile(state));
    return owner != 0 && tables.isAlive(owner);
  }

  /** Returns whether no more tasks are taken. */
  public boolean isShutDown() {
    return tables.level() != PoolLayout.OPEN;
  }

  /** Returns whether no more tasks are begun, and those that run are to end. */
  public boolean isStopped() {
    return tables.level() == PoolLayout.STOPPED;
  }

  /** Takes no more tasks. */
  public void shutDown() {
    raise(PoolLayout.SHUT_DOWN);
  }

  /** Takes no more tasks, and lets those fail that have not begun. Returns how many. */
  public int stop() {
    raise(PoolLayout.STOPPED);
    int failed = 0;
    for (int slot = 0; slot < tables.slots; slot++) {
      failed += recovery.failIfStopped(slot) ? 1 : 0;
    }
    return failed;
  }

  private void raise(int level) {
    long found = heap.getLongVolatile(state);
    while (PoolLayout.level(found) < level
        && !heap.compareAndSetLong(
            state, found, PoolLayout.state(PoolLayout.owner(found), level))) {
      found = heap.getLongVolatile(state);
    }
    tables.control.signalAll();
    tables.ready.signalAll();
    tables.slotFree.signalAll();
  }

  // Clients.

  /**
   * Asks for a task; waits for a slot as a mode says.
   *
   * @param beforeWait is called before this waits; what it throws, this throws
   * @return its slot, or {@link #NONE} if the pool was shut down; without a value if the time is
   *     over
   */
  public WaitResult<Integer> submit(TaskRequest request, WaitMode mode, Runnable beforeWait) {
    TaskSlots.Claim claim = new TaskSlots.Claim();
    try {
      WaitResult<Integer> taken = takeSlot(claim, mode, beforeWait);
      if (claim.slot == NONE) {
        return taken;
      }
      long filling = claim.word;
      slots.ask(claim, request);
      return isShutDown() && slots.reject(claim.slot, filling) ? WaitResult.done(NONE) : taken;
    } catch (Throwable thrown) {
      if (claim.slot != NONE) {
        slots.giveBack(claim, thrown);
      }
      throw thrown;
    }
  }

  /** As above, without a call before the wait. */
  public WaitResult<Integer> submit(TaskRequest request, WaitMode mode) {
    return submit(request, mode, () -> {});
  }

  private WaitResult<Integer> takeSlot(TaskSlots.Claim claim, WaitMode mode, Runnable beforeWait) {
    if (isShutDown()) {
      return WaitResult.done(NONE);
    }
    if (slots.take(claim)) {
      return WaitResult.done(claim.slot);
    }
    if (mode.waits()) {
      beforeWait.run();
    }
    return Waiting.await(
        WaitPoint.of(tables.slotFree), deaths, dead -> lookForSlot(claim, dead), mode);
  }

  private @Nullable Integer lookForSlot(TaskSlots.Claim claim, boolean asksForTheDead) {
    if (isShutDown()) {
      return NONE;
    }
    boolean taken = slots.take(claim);
    if (!taken && asksForTheDead) {
      recovery.run();
      taken = slots.take(claim);
    }
    return taken ? claim.slot : null;
  }

  /** Returns whether a task of this client is over. */
  public boolean isOver(int slot) {
    return TaskSlots.isOver(tables.word(slot));
  }

  /**
   * Checks that a task of this client is over, which is not under way.
   *
   * @throws DamagedPoolException if its word says something else
   */
  public void requireOver(int slot) {
    long word = tables.word(slot);
    if (!TaskSlots.isOver(word)) {
      throw tables.damaged(
          tables.task(slot) + TaskLayout.WORD, word, "the word of a task for which somebody waits");
    }
  }

  /** Returns whether a task waits for a worker or runs. */
  public boolean isUnderWay(int slot) {
    return slots.isUnderWay(slot);
  }

  /** Returns whether a task waits for a worker. */
  public boolean isReady(int slot) {
    return TaskLayout.state(tables.word(slot)) == TaskLayout.READY;
  }

  /**
   * Waits until a task of this client is over.
   *
   * @param isOver whether it is; also true when somebody else has seen to that already
   */
  public WaitResult<Boolean> awaitOver(int slot, BooleanSupplier isOver, WaitMode mode) {
    long task = tables.task(slot);
    EventCount over = EventCount.at(heap, task + TaskLayout.EVENTS);
    // If the slot is of another task already, its client is woken a little later.
    heap.putIntVolatile(task + TaskLayout.WATCHED, 1);
    WaitResult<Boolean> result =
        Waiting.await(
            new TaskPoint(over, isOver, spinning),
            deaths,
            dead -> isOver.getAsBoolean() || (dead && isOverAfterDeaths(isOver)) ? true : null,
            mode);
    if (!result.isDone()) {
      heap.putIntVolatile(task + TaskLayout.WATCHED, 0);
    }
    return result;
  }

  private boolean isOverAfterDeaths(BooleanSupplier isOver) {
    recovery.run();
    return isOver.getAsBoolean();
  }

  /** Wakes whoever waits for a task of this client. */
  public void wake(int slot) {
    EventCount.at(heap, tables.task(slot) + TaskLayout.EVENTS).signalAll();
  }

  /** Takes a task of this client away from the workers; returns whether it fails by this. */
  public boolean withdraw(int slot, Failure reason) {
    return slots.withdraw(slot, reason);
  }

  /** Returns whether a run that may live has a task of this client, wanted or not. */
  public boolean isRead(int slot) {
    return runs.isRead(slot);
  }

  /** Releases a task of this client that is over. */
  public void release(int slot) {
    slots.release(slot);
  }

  /** Gives up a task of this client, over or not: nobody wants its result any more. */
  public void abandon(int slot) {
    slots.abandon(slot);
  }

  /**
   * Returns the result of a task of this client that is over. If it goes to a slot of the caller,
   * it is there then, or the task has failed. Only one thread may call this for a task, and the
   * task may be released only when it has returned.
   */
  public TaskOutcome outcome(int slot) {
    slots.deliver(slot);
    return TaskOutcome.of(tables, slot);
  }

  /**
   * Moves the block that is the result of a task of this client to a slot of the caller.
   *
   * @return false if the result is no block, or the other slot is not empty
   */
  public boolean moveResult(int slot, long destination) {
    return tables.allocator.move(tables.task(slot) + TaskLayout.RESULT, destination);
  }

  // Workers.

  /**
   * Becomes a thread of a worker.
   *
   * @throws IllegalStateException if there are as many as there can be
   */
  public RunningTask join() {
    int record = runs.take();
    if (record < 0) {
      recovery.run();
      record = runs.take();
    }
    if (record < 0) {
      throw new IllegalStateException(
          "all "
              + tables.runs
              + " run records of "
              + tables
              + " are taken by threads of workers that live: start fewer, or make the pool with"
              + " more");
    }
    return new RunningTask(tables, runs, slots, record);
  }

  /** Claims the next task for a run; returns whether there is one. */
  public boolean tryTake(RunningTask run) {
    run.tellClient();
    if (isStopped()) {
      return false;
    }
    return ring.take(run::claim) || takeUnlisted(run);
  }

  private boolean takeUnlisted(RunningTask run) {
    long unlisted = tables.at + PoolLayout.UNLISTED;
    if (heap.getIntVolatile(unlisted) == 0) {
      return false;
    }
    heap.putIntVolatile(unlisted, 0);
    boolean taken = takeAny(run);
    if (taken) {
      heap.putIntVolatile(unlisted, 1); // there may be more
    }
    return taken;
  }

  private boolean takeAny(RunningTask run) {
    for (int slot = 0; slot < tables.slots; slot++) {
      if (run.claim(slot)) {
        return true;
      }
    }
    return false;
  }

  /** Waits for the next task of a run. */
  public WaitResult<Next> take(RunningTask run, WaitMode mode) {
    WaitPoint point = WaitPoint.of(tables.ready, run::beforeSleep);
    WaitResult<Next> result = Waiting.await(point, deaths, dead -> next(run, dead), mode);
    run.tellClient();
    return result;
  }

  private @Nullable Next next(RunningTask run, boolean asksForTheDead) {
    if (isStopped()) {
      return Next.END;
    }
    boolean last = isShutDown();
    if (ring.take(run::claim) || takeUnlisted(run)) {
      return Next.TASK;
    }
    if (asksForTheDead) {
      recovery.run();
    }
    if ((asksForTheDead || last) && takeAny(run)) {
      return Next.TASK;
    }
    run.hasLooked();
    return last ? Next.END : null;
  }

  // All.

  /** Ends what the dead have left. */
  public void recover() {
    recovery.run();
  }

  /** Returns the number of tasks that wait for a worker or run. */
  public int underWay() {
    int number = 0;
    for (int slot = 0; slot < tables.slots; slot++) {
      number += slots.isUnderWay(slot) ? 1 : 0;
    }
    return number;
  }

  /** Returns the number of tasks that wait for a worker. */
  public int waiting() {
    int number = 0;
    for (int slot = 0; slot < tables.slots; slot++) {
      number += isReady(slot) ? 1 : 0;
    }
    return number;
  }

  /** Returns the number of slots that are taken, for whatever. */
  public int taken() {
    int number = 0;
    for (int slot = 0; slot < tables.slots; slot++) {
      number += TaskLayout.state(tables.word(slot)) == TaskLayout.FREE ? 0 : 1;
    }
    return number;
  }

  /** Returns the number of threads of workers that live. */
  public int workers() {
    return runs.living();
  }

  /** Returns the tags of the workers that live, each once. */
  public List<Integer> workerTags() {
    return runs.tags();
  }

  @Override
  public String toString() {
    return tables.toString();
  }
}
