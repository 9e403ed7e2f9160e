package dev.rszshm.structures.internal.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.SettledSlot;
import java.util.concurrent.atomic.AtomicInteger;

/*
 * The tasks of a pool, from the client that asks for one to the client that reads the result.
 *
 * Layout
 * ------
 * TaskLayout. A slot has a word with a state, whom that names, and a number; RunLayout: what a worker has of a task; the
 * ring of tasks that are ready (ReadyRing), which is only about their order.
 *
 * Protocol
 * --------
 * All changes of the word are by compare-and-set; the number is another one each time the slot is taken or its task is
 * run again, so that whoever is late fails.
 * client, who asks:
 *  1 word: FREE to FILLING by this client, with the next number; 2 write argument and all else, in the slot or in a block that is
 *    allocated into a slot of it; 3 word: to READY; 4 add it to the ring; wake a worker; 5 is the pool shut down? Then take the task
 *    off again, as at 14.
 * worker (RunningTask):
 *  6 its run record: the number of the task slot; 7 word: READY to RUNNING by this worker; failed: clear 6;
 *  8 run it. What it allocates goes into slots of the run record;
 *  9 word: RUNNING to PUBLISHING by this worker. Failed: somebody has taken the task away: free what it has allocated, on at 12;
 * 10 write length and kind of the result, and then the result: bytes into the slot, or a block, which is moved from the run
 *    record to the slot of the result, or to that of the caller (Allocator.move). If that one is not empty, a run that died at
 *    11 has put it there: this run's is freed;
 * 11 free all else; word: to DONE, or to FAILED with the reason; 12 run record: none; 13 is there a client? Wake it. If not, or if the word
 *    is LINGERING: release.
 * client, who does not want to wait:
 * 14 word: READY to FAILED. Or: say that a run may be stray; word: RUNNING to FAILED. PUBLISHING: too late; take the client's
 *    name away, and whoever ends the task releases it.
 * whoever has the result, or finds a task that is over and has no client that lives: release:
 * 15 if a run may be stray: word: to LINGERING; look at all run records: if one has this task, its run releases it at 13. If
 *    none has: 16 word: to RELEASING by this process; 17 free argument and result; forget the client; word: to FREE.
 * whoever finds a worker dead (TaskRecovery):
 * 18 PUBLISHING, and the result is in its slot: word: to DONE or FAILED. Otherwise 19 count the death, once for each number, by
 *    compare-and-set; 20 word: to FAILED if the task is not to be repeated, or has killed too many; otherwise to READY with the
 *    next number, and to the ring.
 * At 15, the word is LINGERING before the run records are looked at, and at 12-13 the run record is cleared before the word is
 * looked at: one of both sees the other.
 *
 * If a process dies here
 * ----------------------
 * client, 1-2: a slot that is FILLING by the dead: whoever finds it releases it, 16-17. 3-4: a task that is ready and not in the ring: found by
 * a worker that waits. Later: the task is run, and its result released.
 * worker, 6: a run record of the dead, which whoever finds it clears. 7-10: 18-20, and then the run record: its blocks are freed.
 * 10: the block is in the run record or in its slot, and 18 sees which. 11-12: the client looks again within 50 ms.
 * whoever releases, 15: LINGERING without a run that has it, which whoever finds it releases. 16-17: RELEASING by the dead:
 * whoever finds it puts itself in its place, and does it all again.
 * 18-20: nothing, or a death that is counted, and is not counted again for that number.
 *
 * What wraps
 * ----------
 * Numbers, after 2^30 tasks of one slot; whoever is late would have to stand still for exactly that long, or for a multiple of 2^26
 * while it counts a death.
 */
final class TaskSlots {
  /** No slot is free. */
  static final int NONE = -1;

  private final PoolTables tables;
  private final Heap heap;
  private final Allocator allocator;
  private final ReadyRing ring;
  private final Runs runs;
  private final AtomicInteger next = new AtomicInteger();

  /** Slots that this process was filling or releasing when something was thrown. */
  final NotedWords noted;

  TaskSlots(PoolTables tables, ReadyRing ring, Runs runs) {
    this.tables = tables;
    this.heap = tables.heap;
    this.allocator = tables.allocator;
    this.ring = ring;
    this.runs = runs;
    this.noted = NotedWords.of(tables);
  }

  // Asking.

  /** Takes a free slot, or returns {@link #NONE}. */
  int take() {
    releaseNoted();
    int first = next.get();
    for (int i = 0; i < tables.slots; i++) {
      int slot = first + i < tables.slots ? first + i : first + i - tables.slots;
      long word = tables.word(slot);
      if (TaskLayout.state(word) == TaskLayout.FREE) {
        long taken = TaskLayout.next(word, TaskLayout.FILLING, tables.self);
        if (tables.change(slot, word, taken)) {
          next.set(slot + 1 < tables.slots ? slot + 1 : 0);
          return slot;
        }
      }
    }
    return NONE;
  }

  /** Writes what is asked for into a slot that was taken, and lets workers see it. */
  void ask(int slot, TaskRequest request) {
    long word = tables.word(slot);
    try {
      fill(slot, request);
      tables.change(slot, word, TaskLayout.with(word, TaskLayout.READY, 0));
    } catch (Throwable thrown) {
      noted.words[slot] = word; // no call: there may be no stack for one
      noted.any = true;
      throw thrown;
    }
    try {
      list(slot, TaskLayout.number(word));
    } catch (Throwable thrown) {
      noted.words[slot] = NotedWords.ASKED;
      noted.any = true;
      throw thrown;
    }
  }

  /** Adds a task that is ready, with a number, to the ring, and wakes a worker. */
  void list(int slot, int number) {
    if (!ring.add(slot, number)) {
      heap.putIntVolatile(tables.at + PoolLayout.UNLISTED, 1);
    }
    tables.ready.signalOne();
  }

  private void fill(int slot, TaskRequest request) {
    long task = tables.task(slot);
    byte[] bytes = request.argument();
    long offset = request.argumentOffset();
    if (offset == 0) {
      offset = argument(task, bytes);
    }
    heap.putLong(task + TaskLayout.CLIENT, request.isAwaited() ? tables.self : 0);
    heap.putLong(task + TaskLayout.DEATHS, TaskLayout.uncounted(tables.word(slot)));
    heap.putInt(task + TaskLayout.STRAY, 0);
    heap.putInt(task + TaskLayout.WATCHED, 0);
    heap.putLong(task + TaskLayout.NAME, request.name());
    heap.putInt(task + TaskLayout.OPTIONS, request.options());
    heap.putInt(task + TaskLayout.OUTCOME, 0);
    heap.putLong(task + TaskLayout.ARGUMENT_OFFSET, offset);
    heap.putLong(task + TaskLayout.ARGUMENT_LENGTH, request.argumentLength());
    heap.putLong(task + TaskLayout.DESTINATION, request.destination());
    heap.putLong(task + TaskLayout.RESULT_LENGTH, 0);
    heap.putLong(task + TaskLayout.RESULT_BEGIN, -1);
  }

  private long argument(long task, byte[] bytes) {
    if (bytes.length <= TaskLayout.MAX_SHORT_ARGUMENT) {
      heap.putBytes(task + TaskLayout.SHORT_ARGUMENT, bytes);
      return 0;
    }
    long block =
        allocator.allocateInto(
            task + TaskLayout.ARGUMENT, bytes.length, at -> heap.putBytes(at, bytes));
    if (block == 0) {
      throw tables.damaged(task + TaskLayout.ARGUMENT, 1, "an empty slot in a task that is free");
    }
    return block;
  }

  // Taking away.

  /**
   * Takes a task away from the workers, if there is no result of it yet.
   *
   * @return whether it has failed by this
   */
  boolean withdraw(int slot, Failure reason) {
    long word = tables.word(slot);
    while (isOpen(word)) {
      if (TaskLayout.state(word) == TaskLayout.RUNNING) {
        heap.putIntVolatile(tables.task(slot) + TaskLayout.STRAY, 1);
      }
      if (tables.change(slot, word, TaskLayout.with(word, TaskLayout.FAILED, reason.number))) {
        if (TaskLayout.state(word) == TaskLayout.RUNNING) {
          tables.control.signalAll();
        }
        return true;
      }
      word = tables.word(slot);
    }
    return false;
  }

  private static boolean isOpen(long word) {
    int state = TaskLayout.state(word);
    return state == TaskLayout.READY || state == TaskLayout.RUNNING;
  }

  /** Gives up a task of this client, which somebody is about to end. */
  void abandon(int slot) {
    heap.putLongVolatile(tables.task(slot) + TaskLayout.CLIENT, 0);
    releaseIfUnwanted(slot);
  }

  // Releasing.

  /** Releases a task that is over, if no client that lives wants to know its result. */
  void releaseIfUnwanted(int slot) {
    long word = tables.word(slot);
    int client = (int) heap.getLongVolatile(tables.task(slot) + TaskLayout.CLIENT);
    if (isOver(word) && (client == 0 || !tables.isAlive(client))) {
      release(slot, word);
    }
  }

  /** Releases a task of this client that is over. */
  void release(int slot) {
    long word = tables.word(slot);
    if (isOver(word)) {
      release(slot, word);
    }
  }

  static boolean isOver(long word) {
    int state = TaskLayout.state(word);
    return state == TaskLayout.DONE || state == TaskLayout.FAILED;
  }

  private void release(int slot, long over) {
    if (heap.getIntVolatile(tables.task(slot) + TaskLayout.STRAY) == 0) {
      end(slot, over);
    } else if (tables.change(slot, over, TaskLayout.with(over, TaskLayout.LINGERING, 0))) {
      releaseLingering(slot);
    }
  }

  /** Releases a task that nobody wants, if no run has it any more. */
  void releaseLingering(int slot) {
    long word = tables.word(slot);
    if (TaskLayout.state(word) == TaskLayout.LINGERING && !runs.isRead(slot)) {
      end(slot, word);
    }
  }

  /** Releases a task in the place of whoever a word names. */
  void end(int slot, long word) {
    long releasing = TaskLayout.with(word, TaskLayout.RELEASING, tables.self);
    if (!tables.change(slot, word, releasing)) {
      return;
    }
    try {
      empty(slot);
      free(slot);
    } catch (Throwable thrown) {
      noted.words[slot] = releasing; // no call: there may be no stack for one
      noted.any = true;
      throw thrown;
    }
  }

  private void empty(int slot) {
    long task = tables.task(slot);
    SettledSlot.free(allocator, task + TaskLayout.ARGUMENT);
    SettledSlot.free(allocator, task + TaskLayout.RESULT);
    heap.putLongVolatile(task + TaskLayout.CLIENT, 0);
  }

  private void free(int slot) {
    long word = tables.word(slot);
    tables.change(slot, word, TaskLayout.with(word, TaskLayout.FREE, 0));
    tables.slotFree.signalOne();
  }

  private void releaseNoted() {
    if (noted.any) {
      noted.release(this::releaseNoted);
    }
  }

  /** Releases a slot if it still has the word with which it was noted. */
  private void releaseNoted(int slot, long word) {
    if (word == NotedWords.ASKED) {
      heap.putIntVolatile(tables.at + PoolLayout.UNLISTED, 1); // it may not be in the ring
      abandon(slot);
    } else if (tables.word(slot) == word) {
      empty(slot);
      free(slot);
    }
  }

  // Looking.

  /** Whether a task waits for a worker, or runs. */
  boolean isUnderWay(int slot) {
    int state = TaskLayout.state(tables.word(slot));
    return state == TaskLayout.READY
        || state == TaskLayout.RUNNING
        || state == TaskLayout.PUBLISHING;
  }
}
