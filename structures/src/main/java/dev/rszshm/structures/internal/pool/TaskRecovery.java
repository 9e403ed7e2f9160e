package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.EventCount;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Ends what the dead have left in a pool: steps 16 to 21 of the protocol of {@link TaskSlots}. Any
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
    runs.recover(isAlive); // first, so that who hears of a death finds its blocks free
    for (int slot = 0; slot < tables.slots; slot++) {
      look(slot, isAlive);
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
        if (!isAlive.test(TaskLayout.tag(word))) {
          workerDied(slot, word);
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
    long task = tables.task(slot);
    int client = (int) heap.getLongVolatile(task + TaskLayout.CLIENT);
    boolean again = TaskRequest.isRepeated(heap.getInt(task + TaskLayout.OPTIONS));
    long deaths = heap.getLongVolatile(task + TaskLayout.DEATHS);
    if (tables.word(slot) != word) {
      return;
    }
    if (!TaskLayout.isCounted(deaths, word)) {
      long counted = TaskLayout.counted(deaths, word);
      if (!heap.compareAndSetLong(task + TaskLayout.DEATHS, deaths, counted)) {
        return; // somebody else is at it, or has done it: the next look says
      }
      deaths = counted;
    }
    if (again && TaskLayout.deaths(deaths) < tables.deaths) {
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
    long task = tables.task(slot);
    EventCount events = EventCount.at(tables.heap, task + TaskLayout.EVENTS);
    if (tables.heap.getIntVolatile(task + TaskLayout.WATCHED) != 0 || events.mayHaveSleepers()) {
      events.signalAll();
    } else if (client != 0) {
      tables.completions(client).signalAll();
    }
  }
}
