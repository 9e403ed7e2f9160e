package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.internal.codec.FormatWord;
import dev.rszshm.structures.internal.codec.StoredBytes;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.codec.StructureName;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.sync.EventCount;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log in a shared heap that keeps the last n entries, for any number of writers and readers in
 * any processes.
 *
 * <pre>{@code
 * RingLog<String> events =
 *     RingLog.named(allocator, "events", Codecs.strings(), RingLogSpec.of(1000, 200));
 * events.append("started");
 * // in any other process: what is there, and then what comes
 * RingLogReader<String> reader = events.reader();
 * String event = reader.take();
 * }</pre>
 *
 * <p>Entries have numbers from 0 up, in the order in which they were appended, without gaps. Each
 * append happens at one instant, and takes the place of the oldest entry once n are there. {@link
 * #clear} removes those that are there; the numbers go on.
 *
 * <p><b>Writers</b> wait for nobody: not for readers, and not for one another, wherever another one
 * stands still. <b>Readers</b> write nothing and hold nobody up: who is too slow learns how many
 * entries it has missed. An entry is read as it was written or not at all.
 *
 * <p><b>If a process dies</b> while it appends, the entry is there or it is not, and nobody is held
 * up. A thread that stands still in the middle of an append occupies one of 64 places of writers,
 * which it gives back when it goes on or its process ends; only when all are occupied does another
 * writer wait for one, for a second at most, and then gets a {@link
 * dev.rszshm.structures.queue.errors.TooManyWritersException}.
 *
 * <p>A log takes all its memory, {@link #length}, when it is made, and no more.
 *
 * <p>All methods may be called by any thread at any time. What was done before an append happens
 * before what is done after that entry was read. Methods throw {@link IllegalStateException} if the
 * heap is closed, {@link dev.rszshm.structures.errors.CodecMismatchException} once a newer version
 * of the codec has written, and {@link dev.rszshm.structures.queue.errors.DamagedQueueException} if
 * somebody has written where they should not. The object is a handle, of which a process can have
 * any number; with a heap that is attached for reading only, it can read.
 *
 * @param <E> the entries
 */
public final class RingLog<E> implements Iterable<E> {
  /** The type of a root that is a log. */
  public static final long ROOT_TYPE = RingLogLayout.MAGIC_VALUE;

  private final LogRing ring;
  private final LogWriters writers;
  private final StructureCodec<E> codec;
  private final EventCount arrivals;

  private RingLog(LogRing ring, StructureCodec<E> codec) {
    this.ring = ring;
    this.codec = codec;
    this.writers = new LogWriters(ring);
    this.arrivals = EventCount.at(ring.heap, ring.at + RingLogLayout.ARRIVALS);
  }

  /** Returns how many bytes a log takes; its offset is a multiple of 64. */
  public static long length(RingLogSpec spec) {
    return RingLogLayout.length(spec);
  }

  /**
   * Finds the log of a name, or makes it; see {@link Directory}.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it was made with another
   *     specification
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> RingLog<E> named(
      Directory directory, String name, Codec<E> codec, RingLogSpec spec) {
    long place =
        NamedPlace.find(
            directory,
            name,
            RingLogLayout.MAGIC_VALUE,
            RingLogLayout.ALIGNMENT,
            () ->
                directory.place(
                    name,
                    RingLogLayout.MAGIC_VALUE,
                    RingLogLayout.CURRENT_VERSION,
                    RingLogLayout.length(spec),
                    RingLogLayout.ALIGNMENT),
            found -> RingLogSpec.at(directory.heap(), found),
            spec);
    return at(directory.heap(), directory, place, spec, codec);
  }

  /**
   * Finds the log of a name, however it was made. Makes nothing, so that a heap that is attached
   * for reading only will do.
   *
   * @return the log; empty if there is no root of this name yet, or it is none
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it is damaged
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> Optional<RingLog<E>> find(Allocator allocator, String name, Codec<E> codec) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, RingLogLayout.ALIGNMENT)
        .map(place -> at(allocator.heap(), allocator, place, null, codec));
  }

  /**
   * Finds the log of a name, whatever codec it was made with: entries are their bytes. Otherwise as
   * {@link #find(Allocator, String, Codec)}.
   */
  public static Optional<RingLog<byte[]>> find(Allocator allocator, String name) {
    Heap heap = allocator.heap();
    return NamedPlace.existing(allocator, name, ROOT_TYPE, RingLogLayout.ALIGNMENT)
        .map(
            place ->
                at(
                    heap,
                    allocator,
                    place,
                    null,
                    StoredBytes.at(heap, place + RingLogLayout.FORMAT)));
  }

  /**
   * Finds the log at an offset.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if there is none
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> RingLog<E> at(Heap heap, long offset, Codec<E> codec) {
    return at(heap, null, offset, null, codec);
  }

  /**
   * Finds the log at an offset, or makes it in {@link #length} bytes of zeros. Any number of
   * processes may do that at once.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it was made with another
   *     specification
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> RingLog<E> at(Heap heap, long offset, Codec<E> codec, RingLogSpec spec) {
    return at(heap, null, offset, Objects.requireNonNull(spec, "spec"), codec);
  }

  private static <E> RingLog<E> at(
      Heap heap,
      @Nullable Directory directory,
      long offset,
      @Nullable RingLogSpec spec,
      Codec<E> entries) {
    if (spec != null) {
      Places.note(heap, RingLog.class, offset, length(spec));
    }
    Allocator allocator = directory instanceof Allocator a ? a : null;
    StructureCodec<E> codec =
        new StructureCodec<>(
            heap,
            offset + RingLogLayout.FORMAT,
            entries,
            StructureCodec.Use.ENTRIES,
            new StructureName("log", heap, offset, allocator));
    return new RingLog<>(LogRing.findOrMake(heap, offset, spec, codec), codec);
  }

  /** What it is a face of; for tests. */
  LogRing ring() {
    return ring;
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return ring.heap;
  }

  /** Returns the offset it is at. */
  public long offset() {
    return ring.at;
  }

  /** Returns how it was made. */
  public RingLogSpec spec() {
    return ring.spec;
  }

  /** Returns the format that the entries have: that of the newest codec that has appended one. */
  public CodecFormat format() {
    return codec.stored();
  }

  /**
   * Appends an entry, and wakes those who wait for one.
   *
   * @return its number
   * @throws IllegalArgumentException if it is longer than the log was made for
   * @throws dev.rszshm.structures.queue.errors.TooManyWritersException if 64 threads stand still in
   *     the middle of this method
   */
  public long append(E entry) {
    byte[] bytes = codec.encodeToStore(Objects.requireNonNull(entry, "entry"));
    if (bytes.length > ring.spec.maxLength()) {
      throw new IllegalArgumentException(
          "an entry of "
              + bytes.length
              + " bytes is too long for "
              + ring
              + ", which was made for "
              + ring.spec.maxLength());
    }
    long number = writers.append(bytes);
    if (arrivals.mayHaveSleepers()) {
      arrivals.signalAll();
    }
    return number;
  }

  /** Returns the number of entries that were ever appended, which is the number of the next one. */
  public long appended() {
    return ring.end();
  }

  /** Returns the number of entries that can be read. */
  public int size() {
    long first = ring.first(); // may rise, and the end too: not more than there is room for
    return (int) Math.max(0, Math.min(ring.kept, ring.end() - first));
  }

  /**
   * Removes the entries that are there when this method is called; those that are appended
   * meanwhile stay. Readers that have not come to them count them as missed. What comes next has
   * the number that it would have had. The bytes stay in the memory of the log until other entries
   * replace them.
   *
   * <p>It is one change, after which no reader returns any of them. It waits for nobody. If the
   * process dies in it, all of them are removed or none is.
   *
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if the heap is attached for reading only
   */
  public void clear() {
    ring.removeBefore(ring.end());
  }

  /** Returns a reader that begins with the oldest entry that is there. */
  public RingLogReader<E> reader() {
    return readerFrom(0);
  }

  /** Returns a reader that begins with the next entry that is appended. */
  public RingLogReader<E> readerOfNew() {
    return readerFrom(ring.end());
  }

  /**
   * Returns a reader that begins with an entry. Those from there on that are not there any more
   * count as missed, but for a reader from 0.
   *
   * @param number the number of the entry
   * @throws IllegalArgumentException if it is negative
   */
  public RingLogReader<E> readerFrom(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("found the number " + number + ", expected 0 or more");
    }
    long first = number == 0 ? Math.max(0, ring.first()) : number;
    return new RingLogReader<>(ring, codec, arrivals, first);
  }

  /**
   * Returns an iterator over what is there now, from the oldest entry on. It leaves out what is
   * replaced before it comes there.
   */
  @Override
  public Iterator<E> iterator() {
    long end = ring.end();
    return new Iterator<>() {
      private long next;
      private LogRing.@Nullable Read found;

      private LogRing.@Nullable Read look() {
        LogRing.Read read = found;
        if (read == null) {
          read = ring.readFrom(next, end);
          found = read;
        }
        return read;
      }

      @Override
      public boolean hasNext() {
        return look() != null;
      }

      @Override
      public E next() {
        LogRing.Read read = look();
        if (read == null) {
          throw new NoSuchElementException("the log had no more entries");
        }
        next = read.entry() + 1;
        found = null;
        return codec.decode(read.bytes());
      }
    };
  }

  /**
   * Looks at every word: that each entry is in its place, and each cell in one place or one
   * writer's. Others go on; what can only be told when nobody appends is left out if somebody does.
   */
  public RingLogCheck check() {
    List<String> findings = new ArrayList<>();
    long end = 0;
    int writing = 0;
    int entries = 0;
    long word = ring.at + RingLogLayout.FORMAT;
    FormatWord.damage(ring.heap, word)
        .ifPresent(what -> findings.add("offset " + word + ": " + what));
    try {
      long first = ring.first();
      end = ring.end();
      entries = (int) Math.max(0, Math.min(ring.kept, end - first));
      BitSet seen = new BitSet();
      boolean twice = false;
      for (int cell : writers.cells()) {
        writing += cell < 0 ? 1 : 0;
        twice |= cell >= 0 && seen.get(cell);
        if (cell >= 0) {
          seen.set(cell);
        }
      }
      for (long entry = end; entry < end + ring.kept; entry++) {
        long found = ring.heap.getLongVolatile(ring.place(entry));
        long lap = RingLogLayout.lap(found);
        long expected = RingLogLayout.lapBefore(RingLogLayout.lapOf(entry, ring.kept));
        int cell = ring.cell(entry, found);
        twice |= seen.get(cell);
        seen.set(cell);
        if (lap != expected && ring.end() == end && writing == 0) {
          findings.add("offset " + ring.place(entry) + ": lap " + lap + ", expected " + expected);
        }
      }
      if (twice && ring.end() == end && writing == 0) {
        findings.add("offset " + ring.at + ": a cell is in two places");
      }
    } catch (HeapException e) {
      findings.add(e.getMessage());
    }
    return new RingLogCheck(end, entries, writing, findings);
  }

  @Override
  public String toString() {
    return ring.toString();
  }
}
