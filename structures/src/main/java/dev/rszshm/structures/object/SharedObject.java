package dev.rszshm.structures.object;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.object.errors.DamagedObjectException;
import dev.rszshm.structures.object.errors.ObjectTooLongException;
import dev.rszshm.sync.Mutex;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/*
 * One object, which is replaced as a whole.
 *
 * Layout
 * ------
 * ObjectLayout: two places for the content. One is in use, the other is written.
 *
 * Protocol
 * --------
 * write, with the lock of the writers:
 *  1 write content and descriptor of the place that is not in use;
 *  2 state: one more write, and that place in use; one store, with release order.
 * read, without a lock:
 *  3 read the state with acquire order; 4 read descriptor and content of the place in use;
 *  5 read the state again. The same: what was read is whole. Otherwise: again, from 3.
 * A place is written only while the state says that the other one is in use. Step 1 begins behind a full
 * fence, and step 5 behind an acquire fence: who has read any store of step 1 into its place sees at 5 the state
 * that came before that store, which is another than at 3.
 *
 * If a process dies here
 * ----------------------
 * 1: the place in use is as it was; the next writer writes over the other. The lock of the dead is taken from it,
 * and nothing needs repair. 2: it is one store.
 *
 * What cannot wrap
 * ----------------
 * Writes are counted in 63 bits.
 */

/**
 * One object in a heap, shared by all processes: a value that is replaced as a whole, such as a
 * configuration, a snapshot or a result.
 *
 * <pre>{@code
 * record Settings(String host, int port) {}
 * SharedObject<Settings> settings =
 *     SharedObject.named(allocator, "settings", Codecs.records(Settings.class), 1024);
 * settings.set(new Settings("localhost", 80));
 * }</pre>
 *
 * <p>Whoever reads gets an object that somebody has written, whole, and never waits. Whoever writes
 * waits for other writers; a writer that dies leaves the object as it was. The codec runs while
 * other writers wait, so it must not write the same object. With the object are stored its length,
 * the codec and its version, and a checksum: who reads what is damaged, or written by another codec
 * or a newer version of it, gets an exception; who writes replaces it. Any number of threads and
 * processes may use it. A write happens-before each read that returns what it has written.
 *
 * @param <T> the type of the object
 */
public final class SharedObject<T> {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x4f42_4a45_4354_0001L;

  private static final int ROOT_VERSION = 1;

  /** In place of a number of writes: whatever it is. */
  private static final long ANY = -1;

  private final Heap heap;
  private final Memory memory;
  private final long offset;
  private final long capacity;
  private final StoredContent<T> content;

  /** The lock of the writers; none in a heap that is attached for reading only. */
  private final Optional<Mutex> writers;

  private SharedObject(Heap heap, long offset, Codec<T> codec, long capacity) {
    this.heap = heap;
    this.memory = RawAccess.of(heap, SharedObject.class);
    this.offset = offset;
    this.capacity = capacity;
    this.content = new StoredContent<>(heap, codec, this);
    this.writers =
        heap.isReadOnly()
            ? Optional.empty()
            : Optional.of(Mutex.at(heap, offset + ObjectLayout.LOCK));
    this.writers.ifPresent(lock -> lock.onOwnerDied(() -> {}));
  }

  /**
   * Returns the number of bytes that an object takes.
   *
   * @param capacity bytes of content at most, from 1 up, as the codec says
   */
  public static long length(long capacity) {
    if (capacity < 1 || capacity > Long.MAX_VALUE / 4) {
      throw new IllegalArgumentException(
          "an object has a capacity of 1 to "
              + Long.MAX_VALUE / 4
              + " bytes, found "
              + capacity
              + ": name the length of the longest content");
    }
    return ObjectLayout.length(capacity);
  }

  /**
   * Returns the object at an offset, which is made there if there are zeros.
   *
   * @param offset a multiple of 8
   * @param capacity bytes of content at most, as the codec says
   * @throws DamagedObjectException if there is something with another capacity
   */
  public static <T> SharedObject<T> at(Heap heap, long offset, Codec<T> codec, long capacity) {
    Places.note(heap, SharedObject.class, offset, length(capacity));
    heap.checkReadable(offset, length(capacity));
    long word = offset + ObjectLayout.CAPACITY;
    long found = heap.getLongVolatile(word);
    if (found == 0 && !heap.isReadOnly()) {
      heap.compareAndSetLong(word, 0, capacity);
      found = heap.getLongVolatile(word);
    }
    if (found != capacity && found != 0) {
      heap.requireOpen(); // or what was read is nothing
      throw new DamagedObjectException(
          String.format(
              Locale.ROOT,
              "at offset %d of %s is an object with a capacity of %d bytes, or something else,"
                  + " expected one of %d: use the capacity it was made with",
              offset,
              heap.path(),
              found,
              capacity));
    }
    return new SharedObject<>(heap, offset, codec, capacity);
  }

  /** Finds the object of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static <T> SharedObject<T> named(
      Directory directory, String name, Codec<T> codec, long capacity) {
    long place =
        NamedPlace.find(
            directory,
            name,
            TYPE,
            1,
            () -> directory.place(name, TYPE, ROOT_VERSION, length(capacity)),
            found -> describe(directory.heap().getLongAcquire(found + ObjectLayout.CAPACITY)),
            describe(capacity));
    return at(directory.heap(), place, codec, capacity);
  }

  /**
   * Finds the object of a name, whatever its capacity is. A heap that is attached for reading only
   * will do.
   *
   * @return the object; empty if there is no root of this name yet, or it is no object
   * @throws DamagedObjectException if it is damaged
   */
  public static <T> Optional<SharedObject<T>> find(
      Allocator allocator, String name, Codec<T> codec) {
    Heap heap = allocator.heap();
    Optional<RootEntry> root = allocator.findRoot(name).filter(r -> r.type() == TYPE);
    long place = root.map(r -> allocator.get(r.slot())).orElse(0L);
    long capacity = place > 0 ? ObjectView.at(heap, place, root.get().size()).capacity() : 0;
    return capacity == 0 ? Optional.empty() : Optional.of(at(heap, place, codec, capacity));
  }

  private static String describe(long capacity) {
    return "an object with a capacity of " + capacity + " bytes";
  }

  private long state() {
    return heap.getLongAcquire(offset + ObjectLayout.STATE);
  }

  private long descriptor(long state) {
    return offset + ObjectLayout.descriptor(ObjectLayout.place(state));
  }

  private long content(long state) {
    return offset + ObjectLayout.content(ObjectLayout.place(state), capacity);
  }

  /** Returns the bytes of content that there is room for. */
  public long capacity() {
    return capacity;
  }

  /** Returns how often the object was written. */
  public long writes() {
    return ObjectLayout.writes(state());
  }

  /**
   * Reads the object; empty if it was never written. Never waits for a writer; reads again if it
   * was written meanwhile.
   *
   * @throws DamagedObjectException if its bytes are not those that were written
   * @throws dev.rszshm.structures.errors.CodecMismatchException if another codec wrote it, or a
   *     newer version of this one
   */
  public Optional<T> get() {
    while (true) {
      long state = state();
      if (ObjectLayout.writes(state) == 0) {
        return Optional.empty();
      }
      T object;
      try {
        object = content.read(descriptor(state), content(state), capacity);
      } catch (RuntimeException e) {
        if (isWhole(state)) {
          throw e;
        }
        continue;
      }
      if (isWhole(state)) {
        return Optional.of(object);
      }
    }
  }

  /** Whether what was read since is of one write; see step 5. */
  private boolean isWhole(long state) {
    memory.acquireFence();
    return state() == state;
  }

  /**
   * Writes the object. If the process dies in it, the object is the old one or the new one.
   *
   * @throws ObjectTooLongException if it takes more bytes than there is room for
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if the heap is attached for reading only
   */
  public void set(T object) {
    write(object, ANY);
  }

  /**
   * Writes the object if nobody has written since. Otherwise as {@link #set}.
   *
   * @param writes what {@link #writes} has returned
   * @return whether it was written
   */
  public boolean setIfUnchanged(long writes, T object) {
    return write(object, writes);
  }

  private boolean write(T object, long expected) {
    heap.requireWritable();
    int length = content.requireLength(object, capacity);
    Mutex lock = writers.orElseThrow();
    lock.lock();
    try {
      long state = state();
      if (expected != ANY && ObjectLayout.writes(state) != expected) {
        return false;
      }
      long next = ObjectLayout.next(state);
      memory.fullFence();
      content.write(object, length, descriptor(next), content(next));
      heap.putLongVolatile(offset + ObjectLayout.STATE, next);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Replaces the object by one that is made of it, and returns the new one. The function may be
   * called more than once, when others write meanwhile; no lock is held while it runs.
   *
   * @param change gets the object, empty if it was never written
   */
  public T updateAndGet(UnaryOperator<Optional<T>> change) {
    while (true) {
      long writes = writes();
      Optional<T> before = get();
      if (writes() == writes) {
        T after =
            change
                .apply(before)
                .orElseThrow(
                    () -> new IllegalArgumentException("an object is replaced, never removed"));
        if (setIfUnchanged(writes, after)) {
          return after;
        }
      }
    }
  }

  @Override
  public String toString() {
    return "the object at offset " + offset + " of " + heap.path();
  }
}
