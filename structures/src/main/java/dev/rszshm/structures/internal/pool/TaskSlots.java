package dev.rszshm.structures.internal.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.NotASlotException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.SettledSlot;
import java.util.Locale;
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
 *    off again, as at 15.
 * worker (RunningTask):
 *  6 its run record: the number of the task slot; 7 word: READY to RUNNING by this worker; failed: clear 6;
 *  8 run it. What it allocates goes into slots of the run record;
 *  9 write the result: bytes into the slot; or a block, which is moved from the run record to the slot of the result
 *    (Allocator.move). A block that is there already is of a run that died: it is freed first;
 * 10 free all else that the run has allocated;
 * 11 commit, by compare-and-set of the word: RUNNING to DONE, to FAILED as the task has thrown, or to COMMITTED if the result
 *    goes to a slot of the caller. From now on the task is never run again, and no one can take it away. Failed: somebody has taken it away,
 *    and what is in its slot goes with it;
 * 12 run record: none; is the word LINGERING? Release. Else is there no client? On at 16. Does a thread of it wait for this task?
 *    Wake that. If none does: look for the next task; when there is one, or this worker is about to sleep, or has looked for
 *    a few microseconds, and the word is still that of 11: wake the client's thread for all tasks.
 * client, who finds its task COMMITTED, in one thread (TaskQueue.outcome): deliver:
 * 13 move the block from the slot of the result to that of the caller, unless it is there no more; 14 word: COMMITTED to DONE.
 *    If the caller's slot is not empty, or is no slot: to FAILED, and the block is freed with the task.
 * client, who does not want to wait:
 * 15 word: READY to FAILED. Or: say that a run may be stray; word: RUNNING to FAILED. Otherwise it is over: 13, or read it.
 * whoever finds a task that is over and has no client that lives:
 * 16 COMMITTED, by nobody or by who has died: word: to COMMITTED by this process; deliver, 13-14. Then:
 * whoever has the result, or has come from 16: release:
 * 17 if a run may be stray: word: to LINGERING; look at all run records: if one has this task, its run releases it at 12. If
 *    none has: 18 word: to RELEASING by this process; 19 free argument and result; forget the client; word: to FREE.
 * whoever finds a worker dead (TaskRecovery):
 * 20 RUNNING by the dead, and its run has begun it: count the death, once for each number, by compare-and-set from the deaths
 *    that were read before the run records: as one of a worker that ran it alone, or, if the run records of the worker
 *    say that it had begun others, as one in company; all tasks; 21 clear the run records of the dead; 22 word: to FAILED if the
 *    task has begun and is not to be repeated, or has killed too many; otherwise to READY with the next number, and to the ring.
 * At 17, the word is LINGERING before the run records are looked at, and at 12 the run record is cleared before the word is
 * looked at: one of both sees the other. So are the client's name, which one who gives up clears before it looks whether the
 * task is over, and the word, which the worker changes at 11 before it looks for a client.
 *
 * One effect
 * ----------
 * The word changes once from RUNNING to another state, for each number: either the run is committed, or it is taken away. What is
 * committed is in the task's own slot. Only one can be delivering: the client that lives, in one thread; or, when that is dead or
 * has given up, the process in the word, in whose place another comes only when it has died. So nobody is late, with a
 * move of another task's block. Allocator.move is exactly once: if the slot of the result is empty, the block has been in the
 * caller's, wherever it is by now. A client that has told its caller that there is no result has won at 15, and then nobody
 * comes to 13. A worker that stands still has no part in 13-14, and delays neither.
 *
 * Who is to blame
 * ---------------
 * A task is given up when so many workers have died that had begun nothing else: then it was the task, or somebody who ends
 * workers. If a worker dies that had begun several, nobody knows which of them it was, and none is blamed; but each of them is
 * begun only when its worker has begun nothing else (WorkerGate), so that the next death says which. 20 holds as the records
 * of a worker are cleared only when all its tasks are counted, and who reads them later fails at the compare-and-set.
 * A worker of several threads holds a task that it has taken until it may begin it; what is held is not to blame. Since who waits to
 * be alone, or for who is, does not wait for ever, a task that dies in company so often is given up as well (TaskLayout).
 *
 * If a process dies here
 * ----------------------
 * client, 1-2: a slot that is FILLING by the dead: whoever finds it releases it, 18-19. 3-4: a task that is ready and not in the ring: found by
 * a worker that waits. Later: the task is run, and its result delivered and released, 16-19.
 * worker, 6: a run record of the dead, which whoever finds it clears. 7-10: 20-22, and its blocks are freed with the run record; one
 * that was moved at 9 stays in the slot of the result until the next run or the release frees it. 11-12: the client looks again within 50 ms, and so it
 * does if the worker stands still there.
 * client, 13-14: 16, by others: the block is in one of both slots, and 13 sees which.
 * whoever delivers at 16: COMMITTED by the dead, and the next one does the same.
 * whoever releases, 17: LINGERING without a run that has it, which whoever finds it releases. 18-19: RELEASING by the dead:
 * whoever finds it puts itself in its place, and does it all again.
 * 20-22: nothing, or deaths that are counted, and are not counted again for that number. Records are cleared when all are.
 *
 * What wraps
 * ----------
 * Numbers, after 2^30 tasks of one slot; whoever is late would have to stand still for exactly that long, or for a multiple of 2^20
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

  /** What a thread that asks for a task has so far, for the case that something is thrown. */
  static final class Claim {
    /** The slot; {@link #NONE}: none yet. */
    int slot = NONE;

    /** Its word, or one of {@link NotedWords}: what has to be done if this goes no further. */
    long word;
  }

  /** Takes a free slot; returns whether there was one. */
  boolean take(Claim claim) {
    releaseNoted();
    int first = next.get();
    for (int i = 0; i < tables.slots; i++) {
      int slot = first + i < tables.slots ? first + i : first + i - tables.slots;
      long word = tables.word(slot);
      if (TaskLayout.state(word) == TaskLayout.FREE) {
        long taken = TaskLayout.next(word, TaskLayout.FILLING, tables.self);
        next.set(slot + 1 < tables.slots ? slot + 1 : 0);
        if (tables.change(slot, word, taken)) {
          claim.word = taken; // no call: there may be no stack for one
          claim.slot = slot;
          return true;
        }
      }
    }
    return false;
  }

  /** Writes what is asked for into a slot that was taken, and lets workers see it. */
  void ask(Claim claim, TaskRequest request) {
    long word = claim.word;
    fill(claim.slot, request);
    if (!tables.change(claim.slot, word, TaskLayout.with(word, TaskLayout.READY, 0))) {
      throw tables.damaged(
          tables.task(claim.slot) + TaskLayout.WORD,
          tables.word(claim.slot),
          String.format(Locale.ROOT, "0x%x, of a task that this thread writes", word));
    }
    claim.word = request.isAwaited() ? NotedWords.ASKED : NotedWords.LISTED;
    list(claim.slot, TaskLayout.number(word));
  }

  /**
   * Takes a task off again that was asked for just now, in a pool that was shut down meanwhile.
   *
   * @param filling the word that its slot had before
   * @return false if a worker has it, or has had it
   */
  boolean reject(int slot, long filling) {
    long ready = TaskLayout.with(filling, TaskLayout.READY, 0);
    long rejected = TaskLayout.with(ready, TaskLayout.FAILED, Failure.REJECTED.number);
    if (!tables.change(slot, ready, rejected)) {
      return false;
    }
    release(slot, rejected);
    return true;
  }

  /**
   * Notes a slot that this thread has taken, as something was thrown, and releases it if it can.
   */
  void giveBack(Claim claim, Throwable thrown) {
    noted.words[claim.slot] = claim.word; // no call before this: there may be no stack for one
    noted.any = true;
    try {
      if (heap.isOpen()) {
        releaseNoted();
      }
    } catch (RuntimeException | Error also) { // who takes a slot next tries again
      thrown.addSuppressed(also);
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
    heap.putLong(task + TaskLayout.ARGUMENT_OFFSET, offset);
    heap.putLong(task + TaskLayout.ARGUMENT_LENGTH, request.argumentLength());
    heap.putLong(task + TaskLayout.DESTINATION, request.destination());
    heap.putLong(task + TaskLayout.RESULT_LENGTH, 0);
    heap.putLong(task + TaskLayout.RESULT_OFFSET, 0);
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
    endIfUnwanted(slot);
  }

  // Delivering.

  /**
   * Moves the result of a task of this client to the slot of the caller, if that is where it goes.
   * The client calls this in one thread only, and releases the task in no other before it returns.
   */
  void deliver(int slot) {
    long word = tables.word(slot);
    if (TaskLayout.state(word) == TaskLayout.COMMITTED) {
      deliver(slot, word);
    }
  }

  /** Delivers in the place of whoever a word names: only one may at a time. */
  private void deliver(int slot, long word) {
    boolean moved = move(slot);
    tables.change(
        slot,
        word,
        moved
            ? TaskLayout.with(word, TaskLayout.DONE, 0)
            : TaskLayout.with(word, TaskLayout.FAILED, Failure.SLOT_TAKEN.number));
  }

  /** Moves the result out, if somebody who died has not; false if the other slot is not empty. */
  private boolean move(int slot) {
    long result = tables.task(slot) + TaskLayout.RESULT;
    long destination = heap.getLong(tables.task(slot) + TaskLayout.DESTINATION);
    SettledSlot.await(allocator, result); // whoever was at it before is dead
    if (allocator.get(result) == 0) {
      return true;
    }
    try {
      return allocator.move(result, destination);
    } catch (NotASlotException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return false; // it has something else now, or was no slot at any time
    }
  }

  /** Delivers a result whose client is not there any more, unless somebody who lives does. */
  private void deliverUnwanted(int slot, long word) {
    int other = TaskLayout.tag(word);
    if (other != 0 && tables.isAlive(other)) {
      return;
    }
    long delivering = TaskLayout.with(word, TaskLayout.COMMITTED, tables.self);
    if (!tables.change(slot, word, delivering)) {
      return;
    }
    try {
      deliver(slot, delivering);
    } catch (Throwable thrown) {
      noted.words[slot] = delivering; // no call: there may be no stack for one
      noted.any = true;
      throw thrown;
    }
  }

  // Releasing.

  /** Delivers and releases a task that no client that lives wants to know of. */
  void endIfUnwanted(int slot) {
    long word = tables.word(slot);
    int client = (int) heap.getLongVolatile(tables.task(slot) + TaskLayout.CLIENT);
    if (!isOver(word) || (client != 0 && tables.isAlive(client))) {
      return;
    }
    if (TaskLayout.state(word) == TaskLayout.COMMITTED) {
      deliverUnwanted(slot, word);
      word = tables.word(slot);
    }
    if (isDelivered(word)) {
      release(slot, word);
    }
  }

  /** Releases a task of this client that is over. */
  void release(int slot) {
    long word = tables.word(slot);
    if (isDelivered(word)) {
      release(slot, word);
    } else if (isOver(word)) {
      abandon(slot);
    }
  }

  /** Whether nothing can keep a task from its end any more, nor change how it ends. */
  static boolean isOver(long word) {
    return TaskLayout.state(word) == TaskLayout.COMMITTED || isDelivered(word);
  }

  private static boolean isDelivered(long word) {
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

  /** Releases what this process had in hand when something was thrown. */
  void releaseNoted() {
    if (noted.any) {
      noted.release(this::releaseNoted);
    }
  }

  /** Releases a slot if it still has the word with which it was noted. */
  private void releaseNoted(int slot, long word) {
    if (word == NotedWords.ASKED || word == NotedWords.LISTED) {
      heap.putIntVolatile(tables.at + PoolLayout.UNLISTED, 1); // it may not be in the ring
      tables.ready.signalOne();
      if (word == NotedWords.ASKED) { // else the slot may be of another task by now
        abandon(slot);
      }
    } else if (tables.word(slot) == word) {
      if (TaskLayout.state(word) == TaskLayout.COMMITTED) {
        deliver(slot, word);
        endIfUnwanted(slot);
      } else {
        empty(slot);
        free(slot);
      }
    }
  }

  // Looking.

  /** Whether a task waits for a worker, or runs. */
  boolean isUnderWay(int slot) {
    int state = TaskLayout.state(tables.word(slot));
    return state == TaskLayout.READY || state == TaskLayout.RUNNING;
  }
}
