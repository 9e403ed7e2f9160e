package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.EventCount;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Ends what the dead have left in a pool: steps 16 to 22 of the protocol of {@link TaskSlots}. Any
 * number of threads and processes may do that at once, and die in it.
 */
final class TaskRecovery {
  private final PoolTables tables;
  private final Heap heap;
  private final TaskSlots slots;
  private final Runs runs;

  TaskRecovery(PoolTables tables, TaskSlots slots, Runs runs) {
    this.tables = tables;
    this.heap = tables.heap;
    this.slots = slots;
    this.runs = runs;
  }

  /** Looks at everything. Asks once for each process whether it lives. */
  void run() {
    slots.releaseNoted();
    Map<Integer, Boolean> known = new HashMap<>();
    IntPredicate isAlive = tag -> known.computeIfAbsent(tag, tables::isAlive);
    for (int slot = 0; slot < tables.slots; slot++) {
      count(slot, isAlive); // as long as the run records say who ran what
    }
    runs.recover(isAlive); // first, so that who hears of a death finds its blocks free
    for (int slot = 0; slot < tables.slots; slot++) {
      look(slot, isAlive);
    }
  }

  /** Counts the death of the worker of a task, if it has begun the task. */
  private void count(int slot, IntPredicate isAlive) {
    long word = tables.word(slot);
    int worker = TaskLayout.tag(word);
    if (TaskLayout.state(word) != TaskLayout.RUNNING || isAlive.test(worker)) {
      return;
    }
    long place = tables.task(slot) + TaskLayout.DEATHS;
    long deaths = heap.getLongVolatile(place); // before the records, which others clear after it
    if (!TaskLayout.isCounted(deaths, word) && runs.hasBegun(slot, worker)) {
      boolean isAlone = runs.begun(worker) <= 1;
      if (tables.word(slot) == word) {
        heap.compareAndSetLong(place, deaths, TaskLayout.counted(deaths, word, isAlone));
      }
    }
  }

  private void look(int slot, IntPredicate isAlive) {
    long word = tables.word(slot);
    switch (TaskLayout.state(word)) {
      case TaskLayout.FILLING, TaskLayout.RELEASING -> {
        if (!isAlive.test(TaskLayout.tag(word))) {
          slots.end(slot, word);
        }
      }
      case TaskLayout.RUNNING -> {
        int worker = TaskLayout.tag(word);
        if (!isAlive.test(worker)) {
          workerDied(slot, word);
        } else if (!runs.isRun(slot, worker) && tables.word(slot) == word) {
          takeFromNobody(slot, word);
        }
      }
      case TaskLayout.COMMITTED, TaskLayout.DONE, TaskLayout.FAILED -> {
        int client = (int) heap.getLongVolatile(tables.task(slot) + TaskLayout.CLIENT);
        if (client == 0 || !isAlive.test(client)) {
          slots.endIfUnwanted(slot);
        }
      }
      case TaskLayout.LINGERING -> slots.releaseLingering(slot);
      case TaskLayout.READY -> failIfStopped(slot);
      default -> {
        // FREE: nothing to do.
      }
    }
  }

  /**
   * Lets a task fail that has not begun, if the pool is stopped: no worker will take it.
   *
   * @return whether it fails by this
   */
  boolean failIfStopped(int slot) {
    long word = tables.word(slot);
    if (TaskLayout.state(word) != TaskLayout.READY || tables.level() != PoolLayout.STOPPED) {
      return false;
    }
    int client = (int) heap.getLongVolatile(tables.task(slot) + TaskLayout.CLIENT);
    if (!tables.change(
        slot, word, TaskLayout.with(word, TaskLayout.FAILED, Failure.STOPPED.number))) {
      return false;
    }
    wake(tables, slot, client);
    slots.endIfUnwanted(slot);
    return true;
  }

  private void workerDied(int slot, long word) {
    long deaths = heap.getLongVolatile(tables.task(slot) + TaskLayout.DEATHS);
    boolean hasBegun = TaskLayout.isCounted(deaths, word);
    boolean isGivenUp =
        TaskLayout.alone(deaths) >= tables.deaths
            || TaskLayout.inCompany(deaths) >= TaskLayout.MAX_IN_COMPANY;
    endRun(slot, word, !hasBegun || (isRepeated(slot) && !isGivenUp));
  }

  /** Ends the run of a task that its worker knows nothing of: somebody has overwritten its word. */
  private void takeFromNobody(int slot, long word) {
    endRun(slot, word, isRepeated(slot));
  }

  private boolean isRepeated(int slot) {
    return TaskRequest.isRepeated(heap.getInt(tables.task(slot) + TaskLayout.OPTIONS));
  }

  /** Lets a task be run again, or fail, unless it has gone on meanwhile. */
  private void endRun(int slot, long word, boolean again) {
    int client = (int) heap.getLongVolatile(tables.task(slot) + TaskLayout.CLIENT);
    if (again) {
      long ready = TaskLayout.next(word, TaskLayout.READY, 0);
      if (tables.change(slot, word, ready)) {
        slots.list(slot, TaskLayout.number(ready));
        failIfStopped(slot); // who stopped the pool may have looked before the task was ready
      }
    } else if (tables.change(
        slot, word, TaskLayout.with(word, TaskLayout.FAILED, Failure.WORKER_DIED.number))) {
      wake(tables, slot, client);
    }
  }

  /** Wakes a client whose task is over: the thread that waits for it, or else the one for all. */
  static void wake(PoolTables tables, int slot, int client) {
    if (!wakeWatcher(tables, slot) && client != 0) {
      tables.completions(client).signalAll();
    }
  }

  /** Wakes the threads that wait for a task that is over; false if there are none. */
  static boolean wakeWatcher(PoolTables tables, int slot) {
    long task = tables.task(slot);
    EventCount events = EventCount.at(tables.heap, task + TaskLayout.EVENTS);
    if (tables.heap.getIntVolatile(task + TaskLayout.WATCHED) == 0 && !events.mayHaveSleepers()) {
      return false;
    }
    events.signalAll();
    return true;
  }
}
