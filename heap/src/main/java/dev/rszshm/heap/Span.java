package dev.rszshm.heap;

import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.memory.Memory;
import dev.rszshm.heap.os.SystemCalls;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/*
 * The addresses of one attachment: a reservation of the whole span, and over its beginning a shared
 * mapping of the file, which follows the file as it grows.
 *
 * Layout
 * ------
 *   base                    base + mapped                          base + reserved
 *   |  file, MAP_SHARED     |  PROT_NONE: a touch would fault      |
 *
 * Accesses do not look here but into a Window, which never reaches beyond `mapped`, and at `closed`.
 *
 * Protocol
 * --------
 * Catching up (an access found its offset outside of its window):
 *  1 take the lock; read `flen` with acquire order;
 *  2 make sure that the file is that long, so that no mapping lies beyond its end;
 *  3 lay the new tail over the reservation; nothing that is mapped is mapped again;
 *  4 raise `mapped`, so that windows can be made larger.
 * Retiring (close):
 *  1 set `closed`, and let the threads that are in loops notice (Closing): from now on every access takes
 *    the slow path, and throws;
 *  2 lay private zero pages over the file mapping. A thread that made its check before step 1 and
 *    its access after step 2 reads zeros or writes where nobody looks, and never faults;
 *  3 close the descriptor, which drops every lock;
 *  4 hand the addresses to RetiredSpans, which gives them back once no such thread is left.
 *
 * If a process dies here
 * ----------------------
 * Nothing of this is shared: the kernel removes mappings, descriptor and locks.
 */
final class Span {
  private final SystemCalls calls;
  private final Memory memory;
  private final String path;
  private final boolean writing;
  private final int descriptor;
  private final long reserved;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger waiters = new AtomicInteger();
  private final List<WeakReference<ByteBuffer>> views = new ArrayList<>();
  private volatile long mapped;
  private boolean retired;

  /** Address of offset 0. */
  final long base;

  /**
   * Whether the heap is closed. Not volatile, so that a loop reads it once, or never; see {@link
   * Closing}.
   */
  boolean closed;

  /** Takes over a reservation and lays the first part of the file over it. */
  Span(Platform platform, String path, int descriptor, boolean writing, long base, Header header) {
    this.calls = platform.calls();
    this.memory = platform.memory();
    this.path = path;
    this.descriptor = descriptor;
    this.writing = writing;
    this.base = base;
    this.reserved = header.span();
    mapTail(header.length());
  }

  /** Bytes of address space. */
  long reserved() {
    return reserved;
  }

  /**
   * Bytes of the heap in use, as the header says now.
   *
   * @throws IllegalStateException if the heap is closed
   */
  long length() {
    requireOpen();
    return memory.getLongAcquire(base + HeaderLayout.LENGTH);
  }

  boolean isReadOnly() {
    return !writing;
  }

  boolean isOpen() {
    return !(Closing.happened() && closed);
  }

  /** Bytes of the file that are mapped. */
  long mapped() {
    return mapped;
  }

  boolean isRetired() {
    lock.lock();
    try {
      return retired;
    } finally {
      lock.unlock();
    }
  }

  /** Maps what has grown since the last look; returns the length mapped. */
  long catchUp() {
    lock.lock();
    try {
      requireOpen();
      long length = length();
      if (length > mapped) {
        requireSound(length);
        mapTail(length);
      }
      return mapped;
    } finally {
      lock.unlock();
    }
  }

  /** Maps up to a length that the file already has but the header does not say yet. */
  void mapAhead(long length) {
    lock.lock();
    try {
      requireOpen();
      mapTail(length);
    } finally {
      lock.unlock();
    }
  }

  /** Does something that needs the descriptor, which a close of the heap waits for. */
  <T> T whileOpen(Supplier<T> action) {
    lock.lock();
    try {
      requireOpen();
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private void requireSound(long length) {
    if (length > reserved || length % calls.pageSize() != 0) {
      throw new DamagedHeapException(
          path
              + " has a damaged header: its length has become "
              + length
              + " bytes, expected a multiple of "
              + calls.pageSize()
              + " up to the span of "
              + reserved);
    }
    long fileLength = calls.status(descriptor).length();
    if (fileLength < length) {
      throw HeaderCheck.truncated(path, fileLength, length);
    }
  }

  private void mapTail(long length) {
    if (length <= mapped) {
      return;
    }
    long tail = length - mapped;
    try {
      calls.overlay(descriptor, base + mapped, mapped, tail, writing);
    } catch (SystemCallException e) {
      reserveAgain(base + mapped, tail, e);
      throw e;
    }
    mapped = length;
  }

  /** A mapping that failed may have taken the reservation below it away. */
  private void reserveAgain(long address, long length, HeapException failure) {
    try {
      long got = calls.reserve(address, length);
      if (got != address) {
        calls.unmap(got, length);
      }
    } catch (SystemCallException stillReserved) {
      failure.addSuppressed(stillReserved);
    }
  }

  /**
   * Finds the address of an access that failed its check: catches up with growth, or explains.
   *
   * @throws IllegalStateException if the heap is closed
   * @throws ReadOnlyHeapException if it is to be written and cannot
   * @throws IndexOutOfBoundsException if the heap does not reach that far
   */
  long slowAddress(long offset, long length, boolean toWrite) {
    requireOpen();
    if (toWrite && !writing) {
      throw new ReadOnlyHeapException(
          path + " is attached for reading only: attach it for writing to change it");
    }
    if (offset <= reserved - length && catchUp() - length >= offset) {
      return base + offset;
    }
    throw new IndexOutOfBoundsException(
        "offset "
            + offset
            + " with "
            + length
            + " bytes lies beyond the heap, which ends at "
            + length()
            + ": grow it first");
  }

  void requireOpen() {
    if (!isOpen()) {
      throw ClosedHeap.error(path);
    }
  }

  /** Notes a buffer that somebody else now holds: its addresses must outlive it. */
  ByteBuffer view(long address, int length) {
    lock.lock();
    try {
      requireOpen();
      ByteBuffer buffer = calls.buffer(address, length);
      views.removeIf(v -> v.get() == null);
      views.add(new WeakReference<>(buffer));
      return writing ? buffer : buffer.asReadOnlyBuffer();
    } finally {
      lock.unlock();
    }
  }

  /** Counts a thread in that is going to sleep on a word. */
  void enterWait() {
    waiters.incrementAndGet();
  }

  /** Counts it out. */
  void leaveWait() {
    waiters.decrementAndGet();
  }

  boolean isWaitedOn() {
    return waiters.get() > 0;
  }

  /** Lets every access that is not under way fail from now on, and every wait end. */
  void beginRetiring() {
    if (!closed) {
      closed = true;
      VarHandle.fullFence();
      Closing.announce(!memory.isGuarded());
    }
  }

  /** Ends this attachment, once it has begun to retire. */
  void retire() {
    lock.lock();
    try {
      retired = true;
    } finally {
      lock.unlock();
    }
    try {
      calls.blank(base, mapped);
    } finally {
      try {
        calls.close(descriptor);
      } finally {
        if (memory.isGuarded()) {
          release();
        } else {
          RetiredSpans.add(this);
        }
      }
    }
  }

  boolean hasViews() {
    lock.lock();
    try {
      views.removeIf(v -> v.get() == null);
      return !views.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a thread that comes too late does no harm. */
  boolean isGuarded() {
    return memory.isGuarded();
  }

  boolean overlaps(long address, long length) {
    return address < base + reserved && base < address + length;
  }

  /** Gives the addresses back. */
  void release() {
    calls.unmap(base, reserved);
  }
}
