package dev.rszshm.structures.internal.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.SettledSlot;

/**
 * One thread of a worker, and the task that it runs: the worker's part of the protocol of {@link
 * TaskSlots}. Used by one thread only. If one of its methods throws, the worker's process must end,
 * as if it had died there: its task is for others then.
 */
public final class RunningTask {
  /** So many bytes need no room but that of the task. */
  public static final int MAX_SHORT_RESULT = TaskLayout.MAX_SHORT_RESULT;

  private static final int IN_SLOT = 0;

  /** After so many looks for the next task, a few microseconds, the client of the last is told. */
  private static final int LOOKS = 16;

  private final PoolTables tables;
  private final Heap heap;
  private final Allocator allocator;
  private final Runs runs;
  private final TaskSlots slots;
  private final int record;
  private final OwnedBlocks owned;
  private boolean holdsTasks;
  private int slot = TaskSlots.NONE;
  private long word;
  private long task;

  /** The task that this run has ended last, if its client is still to be told; else none. */
  private int untold = TaskSlots.NONE;

  private long untoldWord;
  private int untoldClient;
  private int looks;

  RunningTask(PoolTables tables, Runs runs, TaskSlots slots, int record) {
    this.tables = tables;
    this.heap = tables.heap;
    this.allocator = tables.allocator;
    this.runs = runs;
    this.slots = slots;
    this.record = record;
    this.owned = new OwnedBlocks(tables, record);
  }

  private void setTask(int number, boolean isHeld) {
    long value = number == TaskSlots.NONE ? 0 : RunLayout.task(number, isHeld);
    heap.putLongVolatile(tables.run(record) + RunLayout.TASK, value);
  }

  /**
   * Says that tasks which are taken are not begun before {@link #begin}, and may be {@linkplain
   * #putBack put back} until then: for workers of several threads.
   */
  public void holdTasks() {
    holdsTasks = true;
  }

  /** Begins the task: from now on it may be what its worker dies of. */
  public void begin() {
    if (holdsTasks) {
      setTask(slot, false);
    }
  }

  /** Gives a task back that was not begun: it is for others, and for this worker as well. */
  public void putBack() {
    int given = slot;
    long ready = TaskLayout.next(word, TaskLayout.READY, 0);
    boolean isGiven = tables.change(given, word, ready);
    leave();
    if (isGiven) {
      slots.list(given, TaskLayout.number(ready));
    }
  }

  /**
   * Returns whether a worker has died that ran this task and others: it may be the one to blame.
   */
  public boolean isSuspect() {
    return TaskLayout.inCompany(heap.getLongVolatile(task + TaskLayout.DEATHS)) > 0;
  }

  /** Claims the task of a slot if it is ready. */
  boolean claim(int candidate) {
    long ready = tables.word(candidate);
    return TaskLayout.state(ready) == TaskLayout.READY && claimReady(candidate, ready);
  }

  /** Claims the task of a slot if it is ready, and the one that an entry of the ring is for. */
  boolean claim(int candidate, long entry) {
    long ready = tables.word(candidate);
    return TaskLayout.state(ready) == TaskLayout.READY
        && PoolLayout.isFor(entry, TaskLayout.number(ready))
        && claimReady(candidate, ready);
  }

  private boolean claimReady(int candidate, long ready) {
    setTask(candidate, holdsTasks);
    long running = TaskLayout.with(ready, TaskLayout.RUNNING, tables.self);
    if (!tables.change(candidate, ready, running)) {
      setTask(TaskSlots.NONE, false);
      slots.releaseLingering(candidate);
      return false;
    }
    slot = candidate;
    word = running;
    task = tables.task(candidate);
    return true;
  }

  /** Returns whether the task is still this worker's to run: false if somebody took it away. */
  public boolean isWanted() {
    return tables.word(slot) == word;
  }

  /** Returns how many workers have died that ran the task. */
  public int deaths() {
    return TaskLayout.deaths(heap.getLongVolatile(task + TaskLayout.DEATHS));
  }

  /** Returns whether a client waits for the result. */
  public boolean isAwaited() {
    return heap.getLongVolatile(task + TaskLayout.CLIENT) != 0;
  }

  /** Returns the id of the task's name. */
  public long name() {
    return heap.getLong(task + TaskLayout.NAME);
  }

  /** Returns what argument and result are. */
  public int form() {
    return TaskRequest.form(heap.getInt(task + TaskLayout.OPTIONS));
  }

  /** Returns where the argument lies. */
  public long argumentOffset() {
    long offset = heap.getLong(task + TaskLayout.ARGUMENT_OFFSET);
    return offset == 0 ? task + TaskLayout.SHORT_ARGUMENT : offset;
  }

  /** Returns the length of the argument in bytes. */
  public long argumentLength() {
    return heap.getLong(task + TaskLayout.ARGUMENT_LENGTH);
  }

  /** Allocates a block of zeros that belongs to the task. */
  public long allocate(long size) {
    return owned.allocate(size);
  }

  /** Frees a block of the task; returns false if it is none. */
  public boolean free(long block) {
    return owned.free(block);
  }

  /** Returns whether a block is one of the task. */
  public boolean isOwn(long block) {
    return owned.slot(block) != 0;
  }

  /**
   * Ends the task with bytes as its result, which are copied.
   *
   * @return whether it is the result: false if the task was taken away
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room for them; the
   *     task goes on, and can be ended with less
   */
  public boolean succeed(byte[] result) {
    return publish(TaskLayout.DONE, 0, result);
  }

  /** As {@link #succeed(byte[])}, with the text of a failure. */
  public boolean fail(byte[] text) {
    return publish(TaskLayout.FAILED, Failure.THROWN.number, text);
  }

  private boolean publish(int state, int reason, byte[] bytes) {
    if (!isWanted()) {
      leave();
      return false;
    }
    boolean isShort = bytes.length <= TaskLayout.MAX_SHORT_RESULT;
    if (!isShort || (state == TaskLayout.DONE && goesOut())) {
      long block = owned.allocate(bytes.length); // before anybody can see it
      heap.putBytes(block, bytes);
      return publish(state, reason, block, 0, bytes.length);
    }
    heap.putLong(task + TaskLayout.RESULT_OFFSET, IN_SLOT);
    heap.putLong(task + TaskLayout.RESULT_LENGTH, bytes.length);
    heap.putBytes(task + TaskLayout.SHORT_RESULT, bytes);
    return end(state, reason);
  }

  /**
   * Ends the task with a part of one of its blocks as its result.
   *
   * @param block a block of the task
   * @param begin where the result begins in it
   */
  public boolean succeed(long block, long begin, long length) {
    return publish(TaskLayout.DONE, 0, block, begin, length);
  }

  private boolean publish(int state, int reason, long block, long begin, long length) {
    if (!isWanted()) {
      leave();
      return false;
    }
    long result = task + TaskLayout.RESULT;
    SettledSlot.free(allocator, result); // of a run that died before it was committed
    heap.putLong(task + TaskLayout.RESULT_OFFSET, block + begin);
    heap.putLong(task + TaskLayout.RESULT_LENGTH, length);
    if (!allocator.move(owned.slot(block), result)) {
      throw tables.damaged(
          result, heap.getLongAcquire(result), "an empty slot, and a block of the task's");
    }
    owned.moved(block);
    return state == TaskLayout.DONE && goesOut()
        ? end(TaskLayout.COMMITTED, 0)
        : end(state, reason);
  }

  private boolean goesOut() {
    return heap.getLong(task + TaskLayout.DESTINATION) != 0;
  }

  /** Ends the task and this run, unless somebody has taken the task away. */
  private boolean end(int state, int reason) {
    int ended = slot;
    int client = (int) heap.getLongVolatile(task + TaskLayout.CLIENT);
    owned.freeAll();
    long over = TaskLayout.with(word, state, reason);
    boolean isResult = tables.change(slot, word, over);
    leave();
    if (isResult) {
      if (client != 0 && !TaskRecovery.wakeWatcher(tables, ended)) {
        untold = ended;
        untoldWord = over;
        untoldClient = client;
        looks = 0;
      }
      if (heap.getLongVolatile(tables.task(ended) + TaskLayout.CLIENT) == 0) {
        slots.endIfUnwanted(ended);
      }
    }
    return isResult;
  }

  /**
   * Wakes the client of the task that this run has ended last, unless it knows by now: most clients
   * that wait for their task have seen its end before this worker has found the next one.
   */
  public void tellClient() {
    int ended = untold;
    untold = TaskSlots.NONE;
    if (ended != TaskSlots.NONE && tables.word(ended) == untoldWord) {
      TaskRecovery.wake(tables, ended, untoldClient);
    }
  }

  /** Says that a look for the next task has found none. */
  void hasLooked() {
    if (untold != TaskSlots.NONE && ++looks >= LOOKS) {
      tellClient();
    }
  }

  /** To be called before this thread sleeps; returns for how long it may. */
  long beforeSleep(long nanos) {
    tellClient();
    return nanos;
  }

  /** Ends this run, whoever has the task. */
  private void leave() {
    int left = slot;
    slot = TaskSlots.NONE;
    owned.freeAll();
    setTask(TaskSlots.NONE, false);
    slots.releaseLingering(left);
  }

  /** Gives the run record back; between two tasks. */
  public void close() {
    tellClient();
    runs.giveUp(record);
  }
}
