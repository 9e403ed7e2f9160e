package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.internal.codec.StoredBytes;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.process.LockLook;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A deque in a shared heap, for any number of threads in any processes, that put and take at both
 * ends; at one end, it is a stack. It grows by itself.
 *
 * <pre>{@code
 * SharedDeque<String> work = SharedDeque.named(allocator, "work", Codecs.strings());
 * work.push("sort the left half");
 * // in any other process
 * String mine = work.pop();      // the newest
 * String stolen = work.takeLast(); // the oldest
 * }</pre>
 *
 * <p>It is a {@link BlockingDeque}: each method of one element happens at one instant. Elements are
 * made of bytes by a codec, are of any length, and not null. They are equal, for {@code contains}
 * and {@code remove}, if their bytes are. Iterators are weakly consistent: they see what is there
 * all the time once, in its order, and what comes or goes meanwhile once or not.
 *
 * <p>Each element has a block of the allocator, which is free as soon as the element is taken.
 * Where elements are only put at one end and taken at the other, a {@link SharedQueue} is faster.
 *
 * <p><b>If a process dies</b> in any method, that has happened or it has not, and nobody is held
 * up: the next one ends what was begun. No element is lost, none is there twice, no memory is lost.
 * An element that a process has taken is gone with that process, whether it died before or after
 * the method returned it.
 *
 * <p><b>If an element cannot be decoded</b> by whoever takes it, it is taken all the same: the
 * {@link dev.rszshm.structures.codec.CodecException} has its bytes ({@link
 * dev.rszshm.structures.codec.CodecException#takenBytes takenBytes}), and the next one to take gets
 * the next element. Who only looks finds it where it is. In bytes, as {@link #find(Allocator,
 * String)} has them, all can be taken.
 *
 * <p><b>If a process stands still</b> (stopped by a signal, or by a debugger) in the middle of a
 * method, others wait until it goes on or is ended. Those who wait with a time-out, or can be
 * interrupted, do not wait longer for that.
 *
 * <p>All methods may be called by any thread at any time. What was done before an element was put
 * happens before what is done after it was taken. Methods throw {@link IllegalStateException} if
 * the heap is closed, {@link dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is no
 * room, with nothing changed, {@link dev.rszshm.structures.errors.CodecMismatchException} once a
 * newer version of the codec has written, and {@link
 * dev.rszshm.structures.queue.errors.DamagedQueueException} if somebody has written where they
 * should not. Once somebody has removed the deque, all methods, and those who wait in one, throw
 * {@link dev.rszshm.structures.errors.StructureRemovedException}. The object is a handle, of which
 * a process can have any number. With a heap that is attached for reading only, a deque can be
 * looked at, and reliably so only while nobody changes it.
 *
 * @param <E> the elements
 */
public final class SharedDeque<E> extends EndMethods<E> {
  /** The type of a root that is a deque. */
  public static final long ROOT_TYPE = DequeLayout.MAGIC_VALUE;

  /** Bytes that a deque takes; its offset is a multiple of 64. */
  public static final long LENGTH = DequeLayout.LENGTH;

  private static final int READ_AT_ONCE = 32;
  private static final long BYTES_AT_ONCE = 1 << 16;
  private static final int DROPPED_AT_ONCE = 100;

  private final Allocator allocator;
  private final Heap heap;
  private final DequeChain chain;
  private final Presence presence;
  private final DequeSpec spec;
  private final StructureCodec<E> codec;
  private final EndLock lock;
  private final EventCount notEmpty;
  private final EventCount notFull;
  private final DeathWatch deaths;

  private SharedDeque(Allocator allocator, long at, DequeSpec spec, StructureCodec<E> codec) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.chain = new DequeChain(allocator, at);
    this.presence = new Presence(heap, at + DequeLayout.MAGIC, DequeLayout.MAGIC_VALUE, chain);
    this.spec = spec;
    this.codec = codec;
    this.lock = new EndLock(heap, at + DequeLayout.LOCK, presence);
    this.notEmpty = EventCount.at(heap, at + DequeLayout.NOT_EMPTY);
    this.notFull = EventCount.at(heap, at + DequeLayout.NOT_FULL);
    this.deaths = new DeathWatch(heap);
  }

  /** Finds the deque of a name, or makes one for any number of elements. */
  public static <E> SharedDeque<E> named(Allocator allocator, String name, Codec<E> codec) {
    return named(allocator, name, codec, DequeSpec.unbounded());
  }

  /**
   * Finds the deque of a name, or makes it, as a root of an allocator. Any number of processes may
   * do that at once.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it was made with another
   *     specification
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   */
  public static <E> SharedDeque<E> named(
      Allocator allocator, String name, Codec<E> codec, DequeSpec spec) {
    return at(allocator, place(allocator, name), codec, spec);
  }

  private static long place(Allocator allocator, String name) {
    return allocator.place(
        name,
        DequeLayout.MAGIC_VALUE,
        DequeLayout.CURRENT_VERSION,
        DequeLayout.LENGTH,
        DequeLayout.ALIGNMENT);
  }

  /**
   * Finds the deque of a name, however it was made. Makes nothing, so that a heap that is attached
   * for reading only will do.
   *
   * @return the deque; empty if there is no root of this name yet, or it is none
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it is damaged
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> Optional<SharedDeque<E>> find(
      Allocator allocator, String name, Codec<E> codec) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, DequeLayout.ALIGNMENT)
        .map(place -> at(allocator, place, codec));
  }

  /**
   * Finds the deque of a name, whatever codec it was made with: elements are their bytes. Otherwise
   * as {@link #find(Allocator, String, Codec)}.
   */
  public static Optional<SharedDeque<byte[]>> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, DequeLayout.ALIGNMENT)
        .map(
            place ->
                at(allocator, place, StoredBytes.at(allocator.heap(), place + DequeLayout.FORMAT)));
  }

  /**
   * Finds the deque at an offset.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if there is none
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> SharedDeque<E> at(Allocator allocator, long offset, Codec<E> codec) {
    return at(allocator, offset, null, codec);
  }

  /**
   * Finds the deque at an offset, or makes it in {@link #LENGTH} bytes of zeros. Any number of
   * processes may do that at once. Before the bytes are used for something else, {@link
   * #dismantle}.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it was made with another
   *     specification
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> SharedDeque<E> at(
      Allocator allocator, long offset, Codec<E> codec, DequeSpec spec) {
    return at(allocator, offset, Objects.requireNonNull(spec, "spec"), codec);
  }

  private static <E> SharedDeque<E> at(
      Allocator allocator, long offset, @Nullable DequeSpec spec, Codec<E> elements) {
    StructureCodec<E> codec = DequeFounding.codec(allocator, offset, elements);
    DequeSpec found = DequeFounding.findOrMake(allocator.heap(), offset, spec, codec);
    return new SharedDeque<>(allocator, offset, found, codec);
  }

  /**
   * Removes the deque of a name with all that is in it, when nobody uses it any more. If the
   * process dies in it, a part is removed; call it again.
   *
   * @return whether there was one
   */
  public static boolean remove(Allocator allocator, String name) {
    Optional<RootEntry> root = allocator.findRoot(name);
    if (root.isEmpty() || root.get().type() != DequeLayout.MAGIC_VALUE) {
      return false;
    }
    DequeFounding.dismantle(allocator, place(allocator, name));
    return allocator.removeRoot(name);
  }

  /**
   * Frees all that this deque has but its own {@link #LENGTH} bytes, when nobody uses it any more:
   * for deques at offsets, whose bytes the caller frees afterwards. It is no deque any more. If the
   * process dies in it, a part is freed; make the deque again, and call it again.
   */
  public void dismantle() {
    DequeFounding.dismantle(allocator, chain.at);
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return heap;
  }

  /** Returns the offset it is at. */
  public long offset() {
    return chain.at;
  }

  /** Returns how it was made. */
  public DequeSpec spec() {
    return spec;
  }

  /** Returns the format that the elements have: that of the newest codec that has put one. */
  public CodecFormat format() {
    return codec.stored();
  }

  private byte[] encode(E element) {
    return codec.encodeToStore(Objects.requireNonNull(element, "element"));
  }

  private @Nullable E decode(byte @Nullable [] bytes) {
    return bytes == null ? null : codec.decode(bytes);
  }

  private @Nullable E decodeTaken(byte @Nullable [] bytes) {
    return bytes == null ? null : codec.decodeTaken(bytes);
  }

  /** The bytes of an object; null if it can be no element. */
  @SuppressWarnings("unchecked")
  private byte @Nullable [] encodeOrNull(@Nullable Object object) {
    try {
      return object == null ? null : codec.encode((E) object);
    } catch (ClassCastException e) {
      return null;
    }
  }

  @Override
  Object name() {
    return chain;
  }

  @Override
  long capacity() {
    return spec.capacity();
  }

  // Putting.

  private @Nullable Boolean tryPut(boolean first, byte[] element, WaitMode mode) {
    if (!lock.enter(mode)) {
      return null;
    }
    boolean done;
    try {
      done = !spec.isBounded() || chain.count() < spec.capacity();
      if (done && first) {
        chain.putFirst(element);
      } else if (done) {
        chain.putLast(element);
      }
    } finally {
      lock.leave();
    }
    if (done && notEmpty.mayHaveSleepers()) {
      notEmpty.signalOne();
    }
    return done ? Boolean.TRUE : null;
  }

  private WaitResult<Boolean> put(boolean first, byte[] element, WaitMode mode) {
    return Waiting.await(WaitPoint.of(notFull), deaths, asks -> tryPut(first, element, mode), mode);
  }

  @Override
  public boolean offerFirst(E element) {
    return tryPut(true, encode(element), WaitMode.NOW) != null;
  }

  @Override
  public boolean offerLast(E element) {
    return tryPut(false, encode(element), WaitMode.NOW) != null;
  }

  @Override
  public void putFirst(E element) throws InterruptedException {
    put(true, encode(element), WaitMode.INTERRUPTIBLE).orThrow(chain);
  }

  @Override
  public void putLast(E element) throws InterruptedException {
    put(false, encode(element), WaitMode.INTERRUPTIBLE).orThrow(chain);
  }

  @Override
  public boolean offerFirst(E element, long timeout, TimeUnit unit) throws InterruptedException {
    byte[] bytes = encode(element);
    return put(true, bytes, WaitMode.within(heap, timeout, unit)).orThrow(chain).isDone();
  }

  @Override
  public boolean offerLast(E element, long timeout, TimeUnit unit) throws InterruptedException {
    byte[] bytes = encode(element);
    return put(false, bytes, WaitMode.within(heap, timeout, unit)).orThrow(chain).isDone();
  }

  // Taking.

  private byte @Nullable [] tryTake(boolean first, WaitMode mode) {
    codec.beforeChange();
    if (!lock.enter(mode)) {
      return null;
    }
    byte[] element;
    try {
      codec.requireInLock();
      element = chain.take(first);
    } finally {
      lock.leave();
    }
    if (element != null) {
      announceRoom();
    }
    return element;
  }

  private void announceRoomForAll() {
    if (spec.isBounded()) {
      notFull.signalAll();
    }
  }

  private void announceRoom() {
    if (spec.isBounded() && notFull.mayHaveSleepers()) {
      notFull.signalOne();
    }
  }

  /** Looks for an element, and again only when something was put, or it is time to ask. */
  private final class Taking implements Waiting.Look<byte[]> {
    private final boolean first;
    private final WaitMode mode;
    private long puts;
    private boolean wasEmpty;

    Taking(boolean first, WaitMode mode) {
      this.first = first;
      this.mode = mode;
    }

    @Override
    public byte @Nullable [] look(boolean asksForTheDead) {
      long now = heap.getLongVolatile(chain.at + DequeLayout.PUTS);
      if (wasEmpty && now == puts && !asksForTheDead) {
        presence.require(); // who removes it wakes those who wait
        return null;
      }
      byte[] element = tryTake(first, mode);
      wasEmpty = element == null;
      puts = now;
      return element;
    }
  }

  private WaitResult<byte[]> take(boolean first, WaitMode mode) {
    return Waiting.await(WaitPoint.of(notEmpty), deaths, new Taking(first, mode), mode);
  }

  @Override
  public E takeFirst() throws InterruptedException {
    return codec.decodeTaken(take(true, WaitMode.INTERRUPTIBLE).orThrow(chain).value());
  }

  @Override
  public E takeLast() throws InterruptedException {
    return codec.decodeTaken(take(false, WaitMode.INTERRUPTIBLE).orThrow(chain).value());
  }

  @Override
  public @Nullable E pollFirst() {
    return decodeTaken(tryTake(true, WaitMode.NOW));
  }

  @Override
  public @Nullable E pollLast() {
    return decodeTaken(tryTake(false, WaitMode.NOW));
  }

  @Override
  public @Nullable E pollFirst(long timeout, TimeUnit unit) throws InterruptedException {
    return decodeTaken(take(true, WaitMode.within(heap, timeout, unit)).orThrow(chain).orNull());
  }

  @Override
  public @Nullable E pollLast(long timeout, TimeUnit unit) throws InterruptedException {
    return decodeTaken(take(false, WaitMode.within(heap, timeout, unit)).orThrow(chain).orNull());
  }

  /**
   * Takes the first element, and waits for one no longer than a time on the monotonic clock.
   *
   * @return empty if the time was over
   */
  public Optional<E> pollFirst(Duration timeout) throws InterruptedException {
    byte[] element = take(true, WaitMode.within(heap, timeout)).orThrow(chain).orNull();
    return Optional.ofNullable(decodeTaken(element));
  }

  /**
   * Takes the last element, and waits for one no longer than a time on the monotonic clock.
   *
   * @return empty if the time was over
   */
  public Optional<E> pollLast(Duration timeout) throws InterruptedException {
    byte[] element = take(false, WaitMode.within(heap, timeout)).orThrow(chain).orNull();
    return Optional.ofNullable(decodeTaken(element));
  }

  private byte @Nullable [] look(boolean first) {
    lock.enterToLook();
    try {
      return chain.peek(first);
    } finally {
      lock.leave();
    }
  }

  @Override
  public @Nullable E peekFirst() {
    return decode(look(true));
  }

  @Override
  public @Nullable E peekLast() {
    return decode(look(false));
  }

  /** Removes as many elements as there are when it begins, from the first on. */
  @Override
  public void clear() {
    lock.repeat(elementCount(), DROPPED_AT_ONCE, chain::drop, this::announceRoomForAll);
  }

  // Looking.

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, elementCount());
  }

  /** Returns the number of elements. */
  public long elementCount() {
    lock.enterToLook();
    try {
      return Math.max(0, chain.count());
    } finally {
      lock.leave();
    }
  }

  @Override
  public boolean isEmpty() {
    return elementCount() == 0;
  }

  @Override
  public int remainingCapacity() {
    if (!spec.isBounded()) {
      return Integer.MAX_VALUE;
    }
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, spec.capacity() - elementCount()));
  }

  @Override
  public boolean contains(@Nullable Object object) {
    byte[] bytes = encodeOrNull(object);
    if (bytes == null) {
      return false;
    }
    lock.enterToLook();
    try {
      return chain.find(bytes, true) != 0;
    } finally {
      lock.leave();
    }
  }

  private boolean remove(@Nullable Object object, boolean forwards) {
    byte[] bytes = encodeOrNull(object);
    if (bytes == null) {
      return false;
    }
    boolean removed;
    lock.enter();
    try {
      removed = chain.remove(bytes, forwards);
    } finally {
      lock.leave();
    }
    if (removed) {
      announceRoom();
    }
    return removed;
  }

  @Override
  public boolean removeFirstOccurrence(@Nullable Object object) {
    return remove(object, true);
  }

  @Override
  public boolean removeLastOccurrence(@Nullable Object object) {
    return remove(object, false);
  }

  /** Returns a weakly consistent iterator, which copies some elements at a time. */
  @Override
  public Iterator<E> iterator() {
    return new Elements(true);
  }

  /** Returns a weakly consistent iterator from the last to the first. */
  @Override
  public Iterator<E> descendingIterator() {
    return new Elements(false);
  }

  private final class Elements implements Iterator<E> {
    private final DequeChain.Cursor cursor;
    private final ArrayDeque<DequeChain.Found> copies = new ArrayDeque<>();
    private DequeChain.@Nullable Found last;

    Elements(boolean forwards) {
      this.cursor = new DequeChain.Cursor(forwards);
    }

    @Override
    public boolean hasNext() {
      if (copies.isEmpty()) {
        List<DequeChain.Found> found = new ArrayList<>();
        lock.enterToLook();
        try {
          chain.read(cursor, found, READ_AT_ONCE, BYTES_AT_ONCE);
        } finally {
          lock.leave();
        }
        copies.addAll(found);
      }
      return !copies.isEmpty();
    }

    @Override
    public E next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the deque has no more elements");
      }
      DequeChain.Found found = copies.remove();
      last = found;
      return codec.decode(found.bytes());
    }

    /** Removes that element, if it is still there. */
    @Override
    public void remove() {
      DequeChain.Found found = last;
      if (found == null) {
        throw new IllegalStateException("next() comes before remove(), once for each");
      }
      boolean removed;
      lock.enter();
      try {
        removed = chain.remove(cursor, found);
      } finally {
        lock.leave();
      }
      last = null;
      if (removed) {
        announceRoom();
      }
    }
  }

  /**
   * Looks at every word: that each node is in its place, in a block of its own; counts them. Others
   * wait meanwhile; what somebody has left in the middle is ended first. With a heap that is
   * attached for reading only, nobody waits, and nothing is ended; if others change it all the
   * time, only the elements are counted.
   */
  public DequeCheck check() {
    if (heap.isReadOnly()) {
      return LockLook.inQuiet(
              heap,
              chain.at,
              DequeLayout.LENGTH,
              () -> new DequeChecking(allocator, chain).run(),
              chain.at + DequeLayout.LOCK)
          .orElseGet(() -> new DequeCheck(chain.count(), 0, false, List.of()));
    }
    lock.enterToLook();
    try {
      return new DequeChecking(allocator, chain).run();
    } finally {
      lock.leave();
    }
  }
}
