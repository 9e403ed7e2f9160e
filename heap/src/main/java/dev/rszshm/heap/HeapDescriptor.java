package dev.rszshm.heap;

import dev.rszshm.heap.internal.file.DescriptorPath;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.internal.passing.Seals;
import dev.rszshm.heap.spi.DescriptorCalls;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An open file descriptor of this process that leads to the file of a heap: for those who pass it
 * on themselves.
 *
 * <p>{@link HeapBuilder#attach(HeapDescriptor)} attaches to what it leads to, and opens that file
 * anew. A program in another language must do so too, by opening {@code /proc/self/fd/N}: all
 * descriptors that were duplicated, inherited or sent are one and the same to the locks of the
 * system, by which heaps tell who is alive and who grows them.
 *
 * <p>All descriptors are closed when a program is started, and {@link ProcessBuilder} closes all
 * but three in its child, so a started program inherits none. It opens {@link #path} while this
 * process lives, or gets the heap as its standard input, with {@code
 * ProcessBuilder.redirectInput(descriptor.path().toFile())}, and attaches to {@code
 * HeapDescriptor.of(0)}.
 *
 * <p>All methods may be called by any thread at any time.
 */
public final class HeapDescriptor implements AutoCloseable {
  private final int number;
  private final @Nullable Span span;
  private final boolean owned;
  private boolean closed;

  private HeapDescriptor(int number, @Nullable Span span, boolean owned) {
    this.number = number;
    this.span = span;
    this.owned = owned;
  }

  /** Returns the descriptor of an open heap. */
  static HeapDescriptor of(int number, Span span) {
    return new HeapDescriptor(number, span, false);
  }

  /**
   * Returns a descriptor that this process has from elsewhere. It stays the caller's, who closes
   * it.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public static HeapDescriptor of(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("a descriptor is not negative, found " + number);
    }
    return new HeapDescriptor(number, null, false);
  }

  /**
   * Returns its number. It is valid until the heap, or this descriptor if it is a duplicate, is
   * closed: then the system may give the same number to another file. Where another thread may
   * close it, use a {@link #duplicate}.
   *
   * @throws IllegalStateException if it is closed
   */
  public int number() {
    return whileOpen(open -> open);
  }

  /**
   * Returns the path by which other processes of the same user open the file, {@code
   * /proc/PID/fd/N}. It leads there until this descriptor is closed, or this process ends.
   *
   * @throws IllegalStateException if it is closed
   */
  public Path path() {
    return whileOpen(DescriptorPath::of);
  }

  /**
   * Returns whether the file can never be made shorter, by nobody. If not, an access to what
   * somebody has cut off is an {@link InternalError}.
   *
   * @throws IllegalStateException if it is closed
   */
  public boolean isSealed() {
    return whileOpen(open -> Seals.forbidShrinking(DescriptorCalls.host(), open));
  }

  /**
   * Returns another descriptor of the same file, which started programs do not inherit. It stays
   * valid when the heap is closed, and keeps a heap without a name from vanishing, until it is
   * closed.
   *
   * @throws IllegalStateException if this one is closed
   */
  public HeapDescriptor duplicate() {
    return new HeapDescriptor(
        whileOpen(open -> DescriptorCalls.host().duplicate(open)), null, true);
  }

  /** Does something with the number, which a close of the heap or of this object waits for. */
  <T> T whileOpen(IntFunction<T> action) {
    if (span != null) {
      return span.whileOpen(() -> action.apply(number));
    }
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("this descriptor is closed");
      }
      return action.apply(number);
    }
  }

  /** Attaches to the file, which a close of this object, but not of the heap, waits for. */
  <T> T attachedBy(IntFunction<T> attaching) {
    if (span == null) {
      return whileOpen(attaching);
    }
    try (HeapDescriptor own = duplicate()) {
      return own.whileOpen(attaching);
    }
  }

  /** Closes a duplicate. Has no effect on another descriptor, and on one that is closed. */
  @Override
  public void close() {
    synchronized (this) {
      if (owned && !closed) {
        closed = true; // first: the system has closed it, whatever it answers
        SystemCalls.host().close(number);
      }
    }
  }

  @Override
  public String toString() {
    return "HeapDescriptor[" + number + "]";
  }
}
