package dev.rszshm.structures.queue;

import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link RingLog} entry by entry, and goes on with new ones. It is in nobody's way, and
 * learns how many entries were replaced before it came to them.
 *
 * <p>For one thread. With a heap that is attached for reading only, it can {@link #poll()}, and not
 * wait.
 *
 * @param <E> the entries
 */
public final class RingLogReader<E> {
  private final LogRing ring;
  private final StructureCodec<E> codec;
  private final EventCount arrivals;
  private final DeathWatch deaths;
  private long next;
  private long missed;

  RingLogReader(LogRing ring, StructureCodec<E> codec, EventCount arrivals, long next) {
    this.ring = ring;
    this.codec = codec;
    this.arrivals = arrivals;
    this.deaths = new DeathWatch(ring.heap);
    this.next = next;
  }

  private LogRing.@Nullable Read look() {
    LogRing.Read read = ring.readFrom(next, ring.end());
    if (read != null) {
      codec.require();
      missed += read.entry() - next;
      next = read.entry() + 1;
    }
    return read;
  }

  private WaitResult<LogRing.Read> read(WaitMode mode) {
    return Waiting.await(WaitPoint.of(arrivals), deaths, asks -> look(), mode);
  }

  private Optional<E> decode(LogRing.@Nullable Read read) {
    return Optional.ofNullable(read).map(found -> codec.decode(found.bytes()));
  }

  /**
   * Returns the next entry, and waits for one.
   *
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public E take() throws InterruptedException {
    return codec.decode(read(WaitMode.INTERRUPTIBLE).orThrow(ring).value().bytes());
  }

  /** Returns the next entry as {@link #take} does; an interrupt does not end the wait. */
  public E takeUninterruptibly() {
    return codec.decode(read(WaitMode.UNINTERRUPTIBLE).value().bytes());
  }

  /** Returns the next entry, if there is one. */
  public Optional<E> poll() {
    return decode(look());
  }

  /**
   * Returns the next entry, and waits for one no longer than a time on the monotonic clock.
   *
   * @return empty if the time was over
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public Optional<E> poll(Duration timeout) throws InterruptedException {
    return decode(read(WaitMode.within(ring.heap, timeout)).orThrow(ring).orNull());
  }

  /** Returns the number of the entry that comes next, if it is not replaced before. */
  public long position() {
    return next;
  }

  /** Returns how many entries were replaced before this reader came to them, up to its position. */
  public long missed() {
    return missed;
  }
}
