package dev.rszshm.structures.internal.pool;

import dev.rszshm.structures.internal.process.ProcessState;

/**
 * Task slots that this process was filling or releasing when something was thrown, each with the
 * word that it had then, or with {@link #ASKED} or {@link #LISTED} if the task was asked for and
 * who did so does not know it. A thread notes one by storing into the fields, which needs no call:
 * there may be no stack for one. Whoever takes a slot next in this process, or recovers what the
 * dead have left, releases them.
 */
final class NotedWords {
  /** In place of a word: nobody in this process waits for the task. */
  static final long ASKED = -1;

  /** The same, of a task for which nobody waits at all. */
  static final long LISTED = -2;

  /** The word of each slot that is noted, stored before {@link #any}; else 0. */
  final long[] words;

  /** Whether there may be one. */
  volatile boolean any;

  /** Releases a slot if it still has a word. */
  interface Releaser {
    void release(int slot, long word);
  }

  private NotedWords(int size) {
    this.words = new long[size];
  }

  static NotedWords of(PoolTables tables) {
    int size = tables.slots;
    return ProcessState.of(
        tables.heap, tables.task(0), NotedWords.class, size, () -> new NotedWords(size));
  }

  /** Releases those that are noted. If something is thrown, those that are left stay noted. */
  synchronized void release(Releaser releaser) {
    any = false;
    try {
      for (int slot = 0; slot < words.length; slot++) {
        long word = words[slot];
        if (word != 0) {
          releaser.release(slot, word);
          words[slot] = 0;
        }
      }
    } catch (Throwable thrown) {
      any = true;
      throw thrown;
    }
  }
}
