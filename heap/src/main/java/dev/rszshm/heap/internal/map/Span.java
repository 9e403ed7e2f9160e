package dev.rszshm.heap.internal.map;

import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.format.HeaderCheck;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.heap.internal.wait.WaitingRoom;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * The addresses of one attachment: a reservation of the whole span, and over its beginning a shared
 * mapping of the file, which follows the file as it grows.
 *
 * Layout
 * ------
 *   base                    base + mapped                          base + reserved
 *   |  file, MAP_SHARED     |  PROT_NONE: a touch would fault      |
 *
 * Accesses do not look here but into a MappedRange, which never reaches beyond `mapped`, and at `closed`.
 *
 * Protocol
 * --------
 * Catching up (an access found its offset outside of its range):
 *  1 take the lock; read `flen` with acquire order;
 *  2 make sure that the file is that long, so that no mapping lies beyond its end;
 *  3 lay the new tail over the reservation; nothing that is mapped is mapped again;
 *  4 raise `mapped`, so that the ranges can be made larger.
 * Retiring (close):
 *  1 set `closed`, and let the threads that are in loops notice (Closing): from now on every access takes
 *    the slow path, and throws;
 *  2 wait for those who use the descriptor or change mappings;
 *  3 wake those who wait idly, which needs the file mapping (WaitingRoom); lay empty pages over it. A thread that made its check before step 1 and its access
 *    after step 3 reads zeros or writes where nobody looks, and never faults. It sees step 1 if it looks behind that
 *    access (requireOpen), as SystemCalls.blank promises. So whoever has stored and finds the heap open has stored in
 *    the heap;
 *  4 only now say that this participant has gone, through the descriptor: no thread of this process can
 *    change the heap any more, so others may take what it held;
 *  5 close the descriptor, which drops every lock; give back what was reserved and never mapped;
 *  6 hand the rest to RetiredSpans, which gives it back once no such thread is left.
 * If step 3 fails, the attachment stays that of a living participant, and close can be called again.
 *
 * Two monitors: one for the mappings, which accesses need to catch up with growth, and one for whoever uses
 * the descriptor longer. Monitors, because the JVM leaves them whatever is thrown, an overflow of the stack
 * while leaving included.
 *
 * If a process dies here
 * ----------------------
 * Nothing of this is shared: the kernel removes mappings, descriptor and locks.
 */
public final class Span {
  private static final long BY_HEADER = -1;

  private final SystemCalls calls;
  private final Memory memory;
  private final String path;
  private final Mapping mapping;
  private final int descriptor;
  private final long fileOffset;

  /** Bytes of a range of a file; {@link #BY_HEADER} if the header of a heap says how long it is. */
  private final long fixedLength;

  private final long reserved;
  private final MemoryWishes wishes;
  private final Object mappings = new Object();
  private final Object descriptorUse = new Object();
  private final Views views = new Views();
  private volatile long mapped;
  private boolean retired;

  /** Address of offset 0. */
  public final long base;

  /**
   * Whether the heap is closed. Not volatile, so that a loop reads it once, or never; see {@link
   * Closing}.
   */
  public boolean closed;

  /** The objects that were placed in the heap; null if overlaps are not looked for. */
  public @Nullable Places places;

  /** Those who wait idly for words of the heap. */
  public final WaitingRoom waiters;

  /** Takes over a reservation and lays the first part of the file of a heap over it. */
  public Span(
      Platform platform,
      String path,
      int descriptor,
      Mapping mapping,
      long base,
      Header header,
      MemoryWishes wishes) {
    this(platform, path, descriptor, mapping, base, header, 0, BY_HEADER, wishes);
  }

  private Span(
      Platform platform,
      String path,
      int descriptor,
      Mapping mapping,
      long base,
      Header header,
      long fileOffset,
      long fixedLength,
      MemoryWishes wishes) {
    this.wishes = wishes;
    this.calls = platform.calls();
    this.memory = platform.memory();
    this.path = path;
    this.descriptor = descriptor;
    this.mapping = mapping;
    this.fileOffset = fileOffset;
    this.fixedLength = fixedLength;
    this.base = base;
    this.reserved = header.span();
    this.waiters = new WaitingRoom(platform, this::isOpen);
    mapTail(header.length());
  }

  /** The open file, which is closed with this attachment. */
  public int descriptor() {
    return descriptor;
  }

  /**
   * Takes over a reservation and lays a range of any file over it.
   *
   * @param fileOffset where the range begins, a multiple of the page size
   * @param length bytes of the range; the mapping, as the header says, has whole pages
   */
  public static Span ofFile(
      Platform platform,
      String path,
      int descriptor,
      Mapping mapping,
      long base,
      Header pages,
      long fileOffset,
      long length) {
    MemoryWishes none = MemoryWishes.none();
    return new Span(platform, path, descriptor, mapping, base, pages, fileOffset, length, none);
  }

  /** Bytes of address space. */
  public long reserved() {
    return reserved;
  }

  /**
   * Bytes of the heap in use, as the header says now.
   *
   * @throws IllegalStateException if the heap is closed
   */
  public long length() {
    requireOpen();
    return fixedLength != BY_HEADER ? fixedLength : lengthInHeader();
  }

  private long lengthInHeader() {
    return memory.getLongAcquire(base + HeaderLayout.LENGTH);
  }

  /** What this attachment wishes of its memory. */
  public MemoryWishes wishes() {
    return wishes;
  }

  /** How the file is mapped. */
  public Mapping mapping() {
    return mapping;
  }

  public boolean isOpen() {
    return !(Closing.happened() && closed);
  }

  /** Bytes of the file that are mapped. */
  public long mapped() {
    return mapped;
  }

  /** Maps what has grown since the last look; returns the length mapped. */
  public long catchUp() {
    synchronized (mappings) {
      requireOpen();
      long length = fixedLength != BY_HEADER ? mapped : lengthInHeader();
      if (length > mapped) {
        requireSound(length);
        mapTail(length);
      }
      return mapped;
    }
  }

  /** Maps up to a length that the file already has but the header does not say yet. */
  void mapAhead(long length) {
    synchronized (mappings) {
      requireOpen();
      mapTail(length);
    }
  }

  /** Does something that needs the descriptor, which a close of the heap waits for. */
  public <T> T whileOpen(Supplier<T> action) {
    synchronized (descriptorUse) {
      requireOpen();
      return action.get();
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
      overlay(base + mapped, fileOffset + mapped, tail);
    } catch (SystemCallException e) {
      reserveAgain(base + mapped, tail, e);
      throw e;
    }
    wishes.askFor(calls, base + length - tail, tail);
    mapped = length;
  }

  private void overlay(long address, long offset, long length) {
    if (mapping == Mapping.COPYING) {
      calls.overlayPrivately(descriptor, address, offset, length);
    } else {
      calls.overlay(descriptor, address, offset, length, mapping.isWriting());
    }
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
  public long slowAddress(long offset, long length, boolean toWrite) {
    requireOpen();
    if (toWrite && !mapping.isWritable()) {
      throw refusal();
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

  /** Why the file cannot be changed. */
  public ReadOnlyHeapException refusal() {
    if (mapping == Mapping.COPYING) {
      return new ReadOnlyHeapException(
          path
              + " is mapped copy-on-write: what this process writes, it alone sees, so it takes"
              + " part in nothing that is shared. "
              + (fixedLength == BY_HEADER ? "Attach for writing" : "Map it READ_WRITE")
              + " to do that");
    }
    return new ReadOnlyHeapException(
        fixedLength == BY_HEADER
            ? path + " is attached for reading only: attach it without readOnly() to change it"
            : path + " is mapped READ_ONLY: map it READ_WRITE to change it");
  }

  /**
   * Throws an exception if nobody else sees what this process does here.
   *
   * @throws ReadOnlyHeapException if the file is mapped copy-on-write
   */
  public void requireShared() {
    if (mapping == Mapping.COPYING) {
      throw refusal();
    }
  }

  public void requireOpen() {
    if (!isOpen()) {
      throw ClosedHeap.error(path);
    }
  }

  /** Notes a buffer that somebody else now holds: its addresses must outlive it. */
  public ByteBuffer view(long address, int length) {
    synchronized (mappings) {
      requireOpen();
      ByteBuffer buffer = calls.buffer(address, length);
      views.add(buffer);
      return mapping.isWritable() ? buffer : buffer.asReadOnlyBuffer();
    }
  }

  /**
   * Makes a system call on addresses of the heap. The kernel may find nothing there if the heap is
   * closed at that moment.
   *
   * @throws IllegalStateException if the call fails, and the heap is closed
   */
  public <T> T onAddresses(Supplier<T> call) {
    try {
      return call.get();
    } catch (SystemCallException e) {
      requireOpen();
      throw e;
    }
  }

  /** Lets every access that is not under way fail from now on, and every wait end. */
  public void beginRetiring() {
    if (!closed) {
      closed = true;
      VarHandle.fullFence();
      Closing.announce(!memory.isGuarded());
      waiters.wakeVirtualToClose();
    }
  }

  /**
   * Ends this attachment, once it has begun to retire. Does nothing if that has happened.
   *
   * @param leaving says through the descriptor that this participant has gone
   */
  public void retire(Runnable leaving) {
    synchronized (descriptorUse) {
      synchronized (mappings) {
        if (!retired) {
          waiters.wakeAllToClose();
          calls.blank(base, mapped);
          retired = true;
          end(leaving);
        }
      }
    }
  }

  private void end(Runnable leaving) {
    try {
      leaving.run();
    } finally {
      try {
        calls.close(descriptor);
      } finally {
        giveBack();
      }
    }
  }

  private void giveBack() {
    if (memory.isGuarded()) {
      release();
      return;
    }
    try {
      if (mapped < reserved) {
        calls.unmap(base + mapped, reserved - mapped);
      }
    } finally {
      RetiredSpans.add(this);
    }
  }

  public boolean hasViews() {
    return !views.isEmpty();
  }

  /** Whether a thread that comes too late does no harm. */
  public boolean isGuarded() {
    return memory.isGuarded();
  }

  /** Whether this span, once it is retired, has any of some addresses. */
  boolean overlaps(long address, long length) {
    return address < base + mapped && base < address + length;
  }

  /** Gives the addresses back. */
  void release() {
    calls.unmap(base, memory.isGuarded() ? reserved : mapped);
  }
}
