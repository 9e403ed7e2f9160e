package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.Unreleased;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/*
 * The run records of a pool: who runs what, and which blocks that has allocated.
 *
 * Layout
 * ------
 * RunLayout.
 *
 * Protocol
 * --------
 * take: 1 tag: from 0 to the worker's, by compare-and-set.
 * give up: 2 free all blocks; 3 tag: to 0.
 * recover, of a worker that is dead: 4 tag: from the dead one's to that of the recoverer, by compare-and-set; 5 no task;
 * 6 free all blocks; 7 tag: to 0.
 * A task whose worker is dead is run again without waiting for this (TaskRecovery).
 *
 * If a process dies here
 * ----------------------
 * A record of the dead, with fewer blocks. What recovers it may die as well.
 */
final class Runs {
  private final PoolTables tables;
  private final Heap heap;

  /** Records that this process was recovering when something was thrown. */
  private final Unreleased unreleased;

  Runs(PoolTables tables) {
    this.tables = tables;
    this.heap = tables.heap;
    this.unreleased = Unreleased.of(heap, tables.run(0), tables.runs);
  }

  private int tag(int record) {
    return (int) heap.getLongVolatile(tables.run(record) + RunLayout.TAG);
  }

  private boolean change(int record, int from, int to) {
    return heap.compareAndSetLong(tables.run(record) + RunLayout.TAG, from, to);
  }

  /** Takes a record; -1 if none can be had. */
  int take() {
    for (int record = 0; record < tables.runs; record++) {
      if (tag(record) == 0 && change(record, 0, tables.self)) {
        return record;
      }
    }
    return -1;
  }

  /** Gives a record of this process back, with all that it has. */
  void giveUp(int record) {
    clear(record);
    change(record, tables.self, 0);
  }

  private void clear(int record) {
    long run = tables.run(record);
    heap.putLongVolatile(run + RunLayout.TASK, 0);
    OwnedBlocks.freeAll(tables, run);
  }

  /** Recovers what the dead have left. */
  void recover(IntPredicate isAlive) {
    if (unreleased.any) {
      unreleased.release(this::clear, record -> change(record, tables.self, 0));
    }
    for (int record = 0; record < tables.runs; record++) {
      int tag = tag(record);
      if (tag != 0 && !isAlive.test(tag) && change(record, tag, tables.self)) {
        try {
          giveUp(record);
        } catch (Throwable thrown) {
          unreleased.slots[record] = true; // no call: there may be no stack for one
          unreleased.any = true;
          throw thrown;
        }
      }
    }
  }

  private long task(int record) {
    return heap.getLongVolatile(tables.run(record) + RunLayout.TASK);
  }

  /** Whether a run that may live has the argument of a task. */
  boolean isRead(int slot) {
    for (int record = 0; record < tables.runs; record++) {
      if (RunLayout.slot(task(record)) == slot) {
        int tag = tag(record);
        if (tag != 0 && tables.isAlive(tag)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a run of a worker has a task. */
  boolean isRun(int slot, int worker) {
    return record(slot, worker) >= 0;
  }

  private int record(int slot, int worker) {
    for (int record = 0; record < tables.runs; record++) {
      if (tag(record) == worker && RunLayout.slot(task(record)) == slot) {
        return record;
      }
    }
    return -1;
  }

  /** Whether a run of a worker has a task and has begun it. */
  boolean hasBegun(int slot, int worker) {
    int record = record(slot, worker);
    return record >= 0 && !RunLayout.isHeld(task(record));
  }

  /** The number of tasks that a worker has begun and not ended. */
  int begun(int worker) {
    int begun = 0;
    for (int record = 0; record < tables.runs; record++) {
      long task = task(record);
      boolean hasBegun = RunLayout.slot(task) >= 0 && !RunLayout.isHeld(task);
      begun += hasBegun && tag(record) == worker ? 1 : 0;
    }
    return begun;
  }

  /** The number of records whose workers live. */
  int living() {
    int living = 0;
    for (int record = 0; record < tables.runs; record++) {
      int tag = tag(record);
      living += tag != 0 && tables.isAlive(tag) ? 1 : 0;
    }
    return living;
  }

  /** The tags of workers that live, each once. */
  List<Integer> tags() {
    return IntStream.range(0, tables.runs)
        .map(this::tag)
        .filter(tag -> tag != 0 && tables.isAlive(tag))
        .boxed()
        .distinct()
        .toList();
  }
}
