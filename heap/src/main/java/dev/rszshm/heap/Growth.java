package dev.rszshm.heap;

import dev.rszshm.heap.errors.GrowthBlockedException;
import dev.rszshm.heap.errors.SpanExceededException;
import dev.rszshm.heap.memory.Memory;
import dev.rszshm.heap.os.SystemCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/*
 * Makes a heap longer while everybody uses it.
 *
 * Layout
 * ------
 * `flen` at offset 0, and the number of growths in HeaderLayout.
 *
 * Protocol
 * --------
 * 1 take the lock of this attachment: its threads share a file description, so step 3 does not exclude
 *   them from one another;
 * 2 read `flen`: if it is enough, map it and be done;
 * 3 take the flock of the file. It is for C programs built with ccan's rszshm, which truncate the file
 *   to the length they computed;
 * 4 read `flen` again; if it is enough, map it and be done;
 * 5 let the file have blocks up to the new length. This never makes it shorter;
 * 6 lay the new tail over the own reservation;
 * 7 raise `flen` by compare-and-set, release. It never goes down;
 * 8 drop the locks.
 * Steps 5 and 7 are monotonic: growers of this class lose nothing even if two of them are here at once.
 *
 * If a process dies here
 * ----------------------
 * 1-4: the kernel drops the flock; nothing has changed. 5-6: the file is longer than `flen` says, which
 * nobody minds; the next growth uses those blocks. 7-8: the growth has happened.
 */
final class Growth {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final SystemCalls calls;
  private final Memory memory;
  private final String path;
  private final int descriptor;
  private final Span span;
  private final Storage storage;
  private final Backing backing;
  private final GrowthPolicy policy;
  private final long timeoutNanos;
  private final boolean plain;
  private final ReentrantLock lock = new ReentrantLock();

  Growth(
      Platform platform,
      String path,
      int descriptor,
      Span span,
      Backing backing,
      GrowthPolicy policy,
      Duration timeout,
      boolean plain) {
    this.calls = platform.calls();
    this.memory = platform.memory();
    this.path = path;
    this.descriptor = descriptor;
    this.span = span;
    this.storage = new Storage(calls, path, descriptor, backing);
    this.backing = backing;
    this.policy = policy;
    this.timeoutNanos = Nanos.saturated(timeout);
    this.plain = plain;
  }

  GrowthPolicy policy() {
    return policy;
  }

  /** Grows by the policy, once. */
  long byPolicy(long needed) {
    return grow(needed, policy);
  }

  /** Grows to a length, or to the page after it. */
  long exactly(long needed) {
    return grow(needed, (length, n, max) -> n);
  }

  /** Grows to a length, or to the page after it, and takes no memory for that. */
  long sparsely(long needed) {
    return grow(needed, (length, n, max) -> n, Backing.SPARSE);
  }

  /** Takes memory for a range that is in use, if it has none. */
  void back(long offset, long length) {
    storage.back(offset, length);
  }

  /** Gives the memory of a range back. */
  void discard(long offset, long length) {
    storage.discard(offset, length);
  }

  private long grow(long needed, GrowthPolicy by) {
    return grow(needed, by, backing);
  }

  private long grow(long needed, GrowthPolicy by, Backing how) {
    requireInsideSpan(needed);
    lock.lock();
    try {
      long length = span.catchUp();
      if (length >= needed) {
        return length;
      }
      try (FileLock held = lockFile()) {
        length = span.catchUp();
        return length >= needed ? length : extend(length, target(length, needed, by), how);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Runs an action while no thread of this attachment grows the heap. */
  void exclude(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private void requireInsideSpan(long needed) {
    if (needed > span.reserved()) {
      throw new SpanExceededException(
          path
              + " cannot grow to "
              + needed
              + " bytes: its span, fixed when it was made, is "
              + span.reserved()
              + ". Make a heap with a larger span");
    }
  }

  private long target(long length, long needed, GrowthPolicy by) {
    long wanted = Math.max(by.nextLength(length, needed, span.reserved()), needed);
    long rounded = Pages.roundUp(wanted, calls.pageSize());
    return rounded < wanted ? span.reserved() : Math.min(rounded, span.reserved());
  }

  private long extend(long from, long to, Backing how) {
    storage.extend(from, to, how);
    span.mapAhead(to);
    long address = span.base + HeaderLayout.LENGTH;
    long seen = memory.getLongAcquire(address);
    while (seen < to && !memory.compareAndSetLong(address, seen, to)) {
      seen = memory.getLongAcquire(address);
    }
    if (!plain) {
      memory.getAndAddLong(span.base + HeaderLayout.GROWTHS, 1);
    }
    return to;
  }

  /** Tries the lock again and again: a blocking call could be neither interrupted nor closed. */
  private FileLock lockFile() {
    long start = calls.nanoTime();
    long pause = FIRST_PAUSE_NANOS;
    while (!calls.tryLockFile(descriptor)) {
      span.requireOpen();
      if (Thread.currentThread().isInterrupted()) {
        throw blocked("interrupted while waiting for");
      }
      if (calls.nanoTime() - start > timeoutNanos) {
        throw blocked("timed out after " + timeoutNanos / 1_000_000 + " ms, waiting for");
      }
      calls.pause(pause);
      pause = Math.min(pause * 2, LAST_PAUSE_NANOS);
    }
    return () -> calls.unlockFile(descriptor);
  }

  private GrowthBlockedException blocked(String how) {
    return new GrowthBlockedException(
        path
            + " cannot grow: "
            + how
            + " its lock, which is held by "
            + FileLocks.holder(calls.status(descriptor).key())
            + ". Let that process go on, or end it");
  }

  /** The flock, held. A failure to drop it does not hide one that came before. */
  private interface FileLock extends AutoCloseable {
    @Override
    void close();
  }
}
