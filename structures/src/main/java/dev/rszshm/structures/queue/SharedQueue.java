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
import dev.rszshm.structures.internal.queue.Draining;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A queue in a shared heap, first in, first out, for any number of producers and consumers in any
 * processes. It grows by itself.
 *
 * <pre>{@code
 * SharedQueue<String> jobs = SharedQueue.named(allocator, "jobs", Codecs.strings());
 * jobs.put("count words");
 * // in any other process
 * String job = jobs.take();
 * }</pre>
 *
 * <p>It is a {@link BlockingQueue}: each method of one element happens at one instant. Elements are
 * made of bytes by a codec, are of any length, and not null. They are equal, for {@code contains}
 * and {@code remove}, if their bytes are. Iterators are weakly consistent: they see what is there
 * all the time once, in its order, and what comes or goes meanwhile once or not.
 *
 * <p><b>If a process dies</b> in any method, that has happened or it has not, and nobody is held
 * up: the next one ends what was begun. No element is lost, none is there twice, no memory is lost.
 * An element that a process has taken is gone with that process, whether it died before or after
 * the method returned it; a {@link dev.rszshm.structures.channel.Channel} with acknowledgment gives
 * it to another.
 *
 * <p><b>If an element cannot be decoded</b> by whoever takes it, it is taken all the same: the
 * {@link dev.rszshm.structures.codec.CodecException} has its bytes ({@link
 * dev.rszshm.structures.codec.CodecException#takenBytes takenBytes}), and the next one to take gets
 * the next element. Who only looks finds it where it is. In bytes, as {@link #find(Allocator,
 * String)} has them, all can be taken.
 *
 * <p><b>If a process stands still</b> (stopped by a signal, or by a debugger) while it puts, others
 * who put wait until it goes on or is ended; while it takes, others who take, remove or look. Those
 * who wait with a time-out, or can be interrupted, do not wait longer for that.
 *
 * <p>Memory of elements that were taken is free for anything else as soon as a whole segment of
 * them was ({@link QueueSpec#segmentLength}, 8 KiB), that of large ones at once. A queue without
 * elements keeps one segment, or two.
 *
 * <p>All methods may be called by any thread at any time. What was done before an element was put
 * happens before what is done after it was taken. Methods throw {@link IllegalStateException} if
 * the heap is closed, {@link dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is no
 * room, with nothing changed, {@link dev.rszshm.structures.errors.CodecMismatchException} once a
 * newer version of the codec has written, and {@link
 * dev.rszshm.structures.queue.errors.DamagedQueueException} if somebody has written where they
 * should not. Once somebody has removed the queue, all methods, and those who wait in one, throw
 * {@link dev.rszshm.structures.errors.StructureRemovedException}. The object is a handle, of which
 * a process can have any number. With a heap that is attached for reading only, a queue can be
 * looked at, and reliably so only while nobody changes it.
 *
 * @param <E> the elements
 */
public final class SharedQueue<E> extends AbstractQueue<E> implements BlockingQueue<E> {
  /** The type of a root that is a queue. */
  public static final long ROOT_TYPE = QueueLayout.MAGIC_VALUE;

  /** Bytes that a queue takes; its offset is a multiple of 64. */
  public static final long LENGTH = QueueLayout.LENGTH;

  private static final WaitResult<Boolean> PUT = WaitResult.done(true);
  private static final int READ_AT_ONCE = 32;
  private static final long BYTES_AT_ONCE = 1 << 16;
  private static final int DROPPED_AT_ONCE = 1000;

  private final Heap heap;
  private final Segments segments;
  private final Presence presence;
  private final Head head;
  private final Tail tail;
  private final StructureCodec<E> codec;
  private final EventCount notEmpty;
  private final EventCount notFull;
  private final DeathWatch deaths;

  private SharedQueue(Segments segments, StructureCodec<E> codec) {
    this.segments = segments;
    this.heap = segments.heap;
    this.codec = codec;
    long at = segments.at;
    this.presence = new Presence(heap, at + QueueLayout.MAGIC, QueueLayout.MAGIC_VALUE, segments);
    this.head = new Head(segments, new EndLock(heap, at + QueueLayout.HEAD_LOCK, presence));
    this.tail = new Tail(segments, new EndLock(heap, at + QueueLayout.TAIL_LOCK, presence), head);
    this.notEmpty = EventCount.at(heap, at + QueueLayout.NOT_EMPTY);
    this.notFull = EventCount.at(heap, at + QueueLayout.NOT_FULL);
    this.deaths = new DeathWatch(heap);
  }

  /** Finds the queue of a name, or makes one for any number of elements. */
  public static <E> SharedQueue<E> named(Allocator allocator, String name, Codec<E> codec) {
    return named(allocator, name, codec, QueueSpec.unbounded());
  }

  /**
   * Finds the queue of a name, or makes it, as a root of an allocator. Any number of processes may
   * do that at once.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it was made with another
   *     specification
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   */
  public static <E> SharedQueue<E> named(
      Allocator allocator, String name, Codec<E> codec, QueueSpec spec) {
    long place =
        allocator.place(
            name,
            QueueLayout.MAGIC_VALUE,
            QueueLayout.CURRENT_VERSION,
            QueueLayout.LENGTH,
            QueueLayout.ALIGNMENT);
    return at(allocator, place, codec, spec);
  }

  /**
   * Finds the queue of a name, however it was made. Makes nothing, so that a heap that is attached
   * for reading only will do.
   *
   * @return the queue; empty if there is no root of this name yet, or it is none
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it is damaged
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> Optional<SharedQueue<E>> find(
      Allocator allocator, String name, Codec<E> codec) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, QueueLayout.ALIGNMENT)
        .map(place -> at(allocator, place, codec));
  }

  /**
   * Finds the queue of a name, whatever codec it was made with: elements are their bytes. Otherwise
   * as {@link #find(Allocator, String, Codec)}.
   */
  public static Optional<SharedQueue<byte[]>> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, QueueLayout.ALIGNMENT)
        .map(
            place ->
                at(allocator, place, StoredBytes.at(allocator.heap(), place + QueueLayout.FORMAT)));
  }

  /**
   * Finds the queue at an offset.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if there is none
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> SharedQueue<E> at(Allocator allocator, long offset, Codec<E> codec) {
    return at(allocator, offset, null, codec);
  }

  /**
   * Finds the queue at an offset, or makes it in {@link #LENGTH} bytes of zeros. Any number of
   * processes may do that at once. Before the bytes are used for something else, {@link
   * #dismantle}.
   *
   * @throws dev.rszshm.structures.queue.errors.NotAQueueException if it was made with another
   *     specification
   * @throws dev.rszshm.structures.errors.CodecMismatchException if it was made with another codec,
   *     or written with a newer version of it
   */
  public static <E> SharedQueue<E> at(
      Allocator allocator, long offset, Codec<E> codec, QueueSpec spec) {
    return at(allocator, offset, Objects.requireNonNull(spec, "spec"), codec);
  }

  private static <E> SharedQueue<E> at(
      Allocator allocator, long offset, @Nullable QueueSpec spec, Codec<E> elements) {
    StructureCodec<E> codec = QueueFounding.codec(allocator, offset, elements);
    return new SharedQueue<>(QueueFounding.findOrMake(allocator, offset, spec, codec), codec);
  }

  /**
   * Removes the queue of a name with all that is in it, when nobody uses it any more. If the
   * process dies in it, a part is removed; call it again.
   *
   * @return whether there was one
   */
  public static boolean remove(Allocator allocator, String name) {
    Optional<RootEntry> root = allocator.findRoot(name);
    if (root.isEmpty() || root.get().type() != QueueLayout.MAGIC_VALUE) {
      return false;
    }
    long place =
        allocator.place(
            name,
            QueueLayout.MAGIC_VALUE,
            QueueLayout.CURRENT_VERSION,
            QueueLayout.LENGTH,
            QueueLayout.ALIGNMENT);
    QueueFounding.dismantle(allocator, place);
    return allocator.removeRoot(name);
  }

  /**
   * Frees all that this queue has but its own {@link #LENGTH} bytes, when nobody uses it any more:
   * for queues at offsets, whose bytes the caller frees afterwards. It is no queue any more. If the
   * process dies in it, a part is freed; make the queue again, and call it again.
   */
  public void dismantle() {
    QueueFounding.dismantle(segments.allocator, segments.at);
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return heap;
  }

  /** Returns the offset it is at. */
  public long offset() {
    return segments.at;
  }

  /** Returns how it was made. */
  public QueueSpec spec() {
    return segments.spec;
  }

  /** Returns the format that the elements have: that of the newest codec that has put one. */
  public CodecFormat format() {
    return codec.stored();
  }

  private byte[] encode(E element) {
    return codec.encodeToStore(Objects.requireNonNull(element, "element"));
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

  // Putting.

  private @Nullable Boolean tryPut(byte[] element, WaitMode mode) {
    if (!tail.lock().enter(mode)) {
      return null;
    }
    boolean done;
    try {
      done = tail.put(element);
    } finally {
      tail.lock().leave();
    }
    if (done && notEmpty.mayHaveSleepers()) {
      notEmpty.signalOne();
    }
    return done ? Boolean.TRUE : null;
  }

  private WaitResult<Boolean> put(byte[] element, WaitMode mode) {
    if (mode.isInterrupted()) {
      return WaitResult.interrupted();
    }
    if (tryPut(element, mode) != null) {
      return PUT;
    }
    return Waiting.await(WaitPoint.of(notFull), deaths, asks -> tryPut(element, mode), mode);
  }

  /** Puts an element; waits for room if the queue is bounded and full. */
  @Override
  public void put(E element) throws InterruptedException {
    put(encode(element), WaitMode.INTERRUPTIBLE).orThrow(segments);
  }

  /** Puts an element as {@link #put(Object) put} does; an interrupt does not end the wait. */
  public void putUninterruptibly(E element) {
    put(encode(element), WaitMode.UNINTERRUPTIBLE);
  }

  @Override
  public boolean offer(E element) {
    return tryPut(encode(element), WaitMode.NOW) != null;
  }

  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    byte[] bytes = encode(element);
    return put(bytes, WaitMode.within(heap, timeout, unit)).orThrow(segments).isDone();
  }

  /**
   * Puts an element, and waits for room no longer than a time on the monotonic clock.
   *
   * @return whether there was room
   */
  public boolean offer(E element, Duration timeout) throws InterruptedException {
    return put(encode(element), WaitMode.within(heap, timeout)).orThrow(segments).isDone();
  }

  // Taking.

  private byte @Nullable [] tryTake(WaitMode mode) {
    codec.beforeChange();
    if (!head.lock().enter(mode)) {
      return null;
    }
    byte[] element;
    try {
      element = head.take(codec);
    } finally {
      head.lock().leave();
    }
    if (element != null) {
      announceRoom();
    }
    return element;
  }

  private void announceRoomForAll() {
    if (segments.spec.isBounded()) {
      notFull.signalAll();
    }
  }

  private void announceRoom() {
    if (segments.spec.isBounded() && notFull.mayHaveSleepers()) {
      notFull.signalOne();
    }
  }

  /** Looks for an element, and again only when something was put, or it is time to ask. */
  private final class Taking implements Waiting.Look<byte[]> {
    private final WaitMode mode;
    private long puts;
    private boolean wasEmpty;

    Taking(WaitMode mode) {
      this.mode = mode;
    }

    @Override
    public byte @Nullable [] look(boolean asksForTheDead) {
      long now = heap.getLongVolatile(segments.at + QueueLayout.PUTS);
      if (wasEmpty && now == puts && !asksForTheDead) {
        presence.require(); // who removes it wakes those who wait
        return null;
      }
      byte[] element = tryTake(mode);
      wasEmpty = element == null;
      puts = now;
      return element;
    }
  }

  private WaitResult<byte[]> take(WaitMode mode) {
    if (mode.isInterrupted()) {
      return WaitResult.interrupted();
    }
    byte[] element = tryTake(mode);
    if (element != null) {
      return WaitResult.done(element);
    }
    return Waiting.await(WaitPoint.of(notEmpty), deaths, new Taking(mode), mode);
  }

  @Override
  public E take() throws InterruptedException {
    return codec.decodeTaken(take(WaitMode.INTERRUPTIBLE).orThrow(segments).value());
  }

  /** Takes an element as {@link #take() take} does; an interrupt does not end the wait. */
  public E takeUninterruptibly() {
    return codec.decodeTaken(take(WaitMode.UNINTERRUPTIBLE).value());
  }

  @Override
  public @Nullable E poll() {
    return decodeTaken(tryTake(WaitMode.NOW));
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return decodeTaken(take(WaitMode.within(heap, timeout, unit)).orThrow(segments).orNull());
  }

  /**
   * Takes the first element, and waits for one no longer than a time on the monotonic clock.
   *
   * @return empty if the time was over
   */
  public Optional<E> poll(Duration timeout) throws InterruptedException {
    byte[] element = take(WaitMode.within(heap, timeout)).orThrow(segments).orNull();
    return Optional.ofNullable(decodeTaken(element));
  }

  @Override
  public @Nullable E peek() {
    head.lock().enterToLook();
    byte[] element;
    try {
      element = head.peek();
    } finally {
      head.lock().leave();
    }
    return element == null ? null : codec.decode(element);
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  /**
   * Takes elements until there are no more, one after the other, and adds them to a collection. If
   * that refuses one, it is lost. If one cannot be decoded, those before it are in the collection.
   */
  @Override
  public int drainTo(Collection<? super E> target, int most) {
    return Draining.drain(this, target, most);
  }

  /** Removes all that is there when it begins. */
  @Override
  public void clear() {
    head.lock().repeat(elementCount(), DROPPED_AT_ONCE, head::drop, this::announceRoomForAll);
  }

  // Looking.

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, elementCount());
  }

  /** Returns the number of elements. */
  public long elementCount() {
    head.lock().enterToLook();
    try {
      return head.size();
    } finally {
      head.lock().leave();
    }
  }

  @Override
  public boolean isEmpty() {
    return elementCount() == 0;
  }

  @Override
  public int remainingCapacity() {
    if (!segments.spec.isBounded()) {
      return Integer.MAX_VALUE;
    }
    long room = segments.spec.capacity() - elementCount();
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, room));
  }

  @Override
  public boolean contains(@Nullable Object object) {
    byte[] bytes = encodeOrNull(object);
    if (bytes == null) {
      return false;
    }
    head.lock().enterToLook();
    try {
      return head.contains(bytes);
    } finally {
      head.lock().leave();
    }
  }

  @Override
  public boolean remove(@Nullable Object object) {
    byte[] bytes = encodeOrNull(object);
    if (bytes == null) {
      return false;
    }
    boolean removed;
    head.lock().enter();
    try {
      removed = head.remove(bytes);
    } finally {
      head.lock().leave();
    }
    if (removed) {
      announceRoom();
    }
    return removed;
  }

  /** Returns a weakly consistent iterator, which copies some elements at a time. */
  @Override
  public Iterator<E> iterator() {
    return new Elements();
  }

  private final class Elements implements Iterator<E> {
    private final Head.Cursor cursor = new Head.Cursor();
    private final Queue<Head.Found> copies = new ArrayDeque<>();
    private Head.@Nullable Found last;

    @Override
    public boolean hasNext() {
      if (copies.isEmpty()) {
        List<Head.Found> found = new ArrayList<>();
        head.lock().enterToLook();
        try {
          head.read(cursor, found, READ_AT_ONCE, BYTES_AT_ONCE);
        } finally {
          head.lock().leave();
        }
        copies.addAll(found);
      }
      return !copies.isEmpty();
    }

    @Override
    public E next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the queue has no more elements");
      }
      Head.Found found = copies.remove();
      last = found;
      return codec.decode(found.bytes());
    }

    /** Removes that element, if it is still there. */
    @Override
    public void remove() {
      Head.Found found = last;
      if (found == null) {
        throw new IllegalStateException("next() comes before remove(), once for each");
      }
      boolean removed;
      head.lock().enter();
      try {
        removed = head.remove(found);
      } finally {
        head.lock().leave();
      }
      last = null;
      if (removed) {
        announceRoom();
      }
    }
  }

  /**
   * Looks at every word: that each element is in its segment, in a block of its own if it is large;
   * counts them. Others wait meanwhile; what somebody has left in the middle is ended first. With a
   * heap that is attached for reading only, nobody waits, and nothing is ended; if others change it
   * all the time, only the elements are counted.
   */
  public QueueCheck check() {
    if (heap.isReadOnly()) {
      return LockLook.inQuiet(
              heap,
              segments.at,
              QueueLayout.LENGTH,
              () -> new QueueChecking(segments).run(head, tail),
              segments.at + QueueLayout.HEAD_LOCK,
              segments.at + QueueLayout.TAIL_LOCK)
          .orElseGet(() -> new QueueCheck(head.size(), 0, 0, 0, 0, false, List.of()));
    }
    tail.lock().enterToLook();
    try {
      head.lock().enterToLook();
      try {
        return new QueueChecking(segments).run(head, tail);
      } finally {
        head.lock().leave();
      }
    } finally {
      tail.lock().leave();
    }
  }
}
