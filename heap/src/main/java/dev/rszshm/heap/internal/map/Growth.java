package dev.rszshm.heap.internal.map;

import dev.rszshm.heap.Backing;
import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.errors.GrowthBlockedException;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.errors.SpanExceededException;
import dev.rszshm.heap.internal.file.FileLocks;
import dev.rszshm.heap.internal.file.Pages;
import dev.rszshm.heap.internal.file.Storage;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.wait.Backoff;
import dev.rszshm.heap.internal.wait.Nanos;
import dev.rszshm.heap.internal.watch.Pending;
import dev.rszshm.heap.internal.watch.ReportKind;
import dev.rszshm.heap.internal.watch.Reports;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.time.Duration;

/*
 * Makes a heap longer while everybody uses it.
 *
 * Layout
 * ------
 * `flen` at offset 0, and the number of growths in HeaderLayout.
 *
 * Protocol
 * --------
 * 1 ask the policy how long the heap should be, with no lock: it is the caller's code;
 * 2 take the lock of this attachment: its threads share a file description, so step 4 does not exclude
 *   them from one another;
 * 3 read `flen`: if it is enough, map it and be done;
 * 4 take the flock of the file. It is for C programs built with ccan's rszshm, which truncate the file
 *   to the length they computed;
 * 5 read `flen` again; if it is enough, map it and be done;
 * 6 let the file have blocks up to the new length. This never makes it shorter;
 * 7 lay the new tail over the own reservation;
 * 8 raise `flen` by compare-and-set, release. It never goes down;
 * 9 drop the locks.
 * What the policy wishes beyond what is needed must not make the growth fail: if 6 or 7 cannot be done, they
 * are done again with half of what was wished beyond, and so on, at last with none.
 * Steps 6 and 8 are monotonic: growers of this class lose nothing even if two of them are here at once.
 *
 * If a process dies here
 * ----------------------
 * 1-5: the kernel drops the flock; nothing has changed. 6-7: the file is longer than `flen` says, which
 * nobody minds; the next growth uses those blocks. 8-9: the growth has happened.
 *
 * `flen` and the number of growths have 64 bits and only rise, a page and one at a time at the least: neither
 * comes near its end.
 */
public final class Growth {
  /** To wish for less than this is not worth another try. */
  private static final long MIN_WISH = 1 << 16;

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
  private final Reports reports;
  private final Object growing = new Object();

  public Growth(
      Platform platform,
      String path,
      int descriptor,
      Span span,
      Backing backing,
      GrowthPolicy policy,
      Duration timeout,
      boolean plain,
      Reports reports) {
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
    this.reports = reports;
  }

  public Backing backing() {
    return backing;
  }

  public GrowthPolicy policy() {
    return policy;
  }

  /** Grows by the policy, once. */
  public long byPolicy(long needed) {
    return grow(needed, policy);
  }

  /** Grows to a length, or to the page after it. */
  public long exactly(long needed) {
    return grow(needed, (length, n, max) -> n);
  }

  /** Grows to a length, or to the page after it, and takes no memory for that. */
  public long sparsely(long needed) {
    return grow(needed, (length, n, max) -> n, Backing.SPARSE);
  }

  /** Takes memory for a range that is in use, if it has none; returns whether it has any now. */
  public boolean back(long offset, long length) {
    return storage.back(offset, length);
  }

  /** Gives the memory of a range back. */
  public void discard(long offset, long length) {
    storage.discard(offset, length);
  }

  private long grow(long needed, GrowthPolicy by) {
    return grow(needed, by, backing);
  }

  private long grow(long needed, GrowthPolicy by, Backing how) {
    requireInsideSpan(needed);
    // Not yet the length of the heap: another thread may have mapped what it is about to publish.
    long mapped = span.catchUp();
    long wish = mapped < needed ? by.nextLength(mapped, needed, span.reserved()) : needed;
    Pending pending = reports.begin(ReportKind.GROWTH);
    long from;
    long to;
    synchronized (growing) {
      from = published();
      if (from >= needed) {
        return from;
      }
      try (FileLock held = lockFile()) {
        from = published();
        if (from >= needed) {
          return from;
        }
        to = extend(from, pages(needed), pages(Math.max(wish, needed)), how);
      }
    }
    reports.grown(pending, from, to);
    return to;
  }

  /**
   * The length in the header: an error may have kept a thread from raising it to what is mapped.
   */
  private long published() {
    span.catchUp();
    return span.length();
  }

  /** Runs an action while no thread of this attachment grows the heap. */
  public void exclude(Runnable action) {
    synchronized (growing) {
      action.run();
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

  /** A length in whole pages, within the span. */
  private long pages(long length) {
    long rounded = Pages.roundUp(length, calls.pageSize());
    return rounded < length ? span.reserved() : Math.min(rounded, span.reserved());
  }

  /** Extends as far as was wished if that can be had, or less, but at least as far as is needed. */
  private long extend(long from, long needed, long wish, Backing how) {
    long more = wish - needed;
    while (more > 0) {
      try {
        return extend(from, pages(needed + more), how);
      } catch (OutOfSpaceException e) {
        more = more / 2 < MIN_WISH ? 0 : more / 2;
      }
    }
    return extend(from, needed, how);
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

  /** Tries the lock again and again: a blocking call could not be ended by a close. */
  private FileLock lockFile() {
    long start = calls.nanoTime();
    try (Backoff backoff = new Backoff(calls)) {
      while (!calls.tryLockFile(descriptor)) {
        span.requireOpen();
        if (calls.nanoTime() - start > timeoutNanos) {
          throw new GrowthBlockedException(
              path
                  + " cannot grow: timed out after "
                  + timeoutNanos / 1_000_000
                  + " ms, waiting for its lock, which is held by "
                  + FileLocks.holder(calls.status(descriptor).key())
                  + ". Let that process go on, or end it");
        }
        backoff.pause();
      }
    }
    return () -> calls.unlockFile(descriptor);
  }

  /** The flock, held. A failure to drop it does not hide one that came before. */
  private interface FileLock extends AutoCloseable {
    @Override
    void close();
  }
}
