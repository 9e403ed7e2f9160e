package dev.rszshm.allocator.internal.root;

import dev.rszshm.allocator.RootEntry;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.allocator.errors.RootTableFullException;
import dev.rszshm.allocator.internal.chunk.FreeChunks;
import dev.rszshm.allocator.internal.reference.Reference;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.allocator.internal.table.RootLayout;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.sync.internal.StackReserve;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * The names of a heap.
 *
 * Layout
 * ------
 * RootLayout, and the lock of the roots in AllocatorLayout: who changes the table, 0 if nobody.
 *
 * Protocol
 * --------
 * find: no lock. Read the state word; the fields; the state word again. Another: again from the beginning;
 * make: 1 take the lock: 0, or the word of a dead participant, to the own, by compare-and-set;
 *  2 look for the name; it is there, with a block: done;
 *  3 write the fields of a free entry, unless it is there; if none of those ever used is, take memory for
 *    one more and raise their number first; 4 its state := made once more and IN_USE, with release order;
 *  5 allocate into its slot, if that is empty. No room: state := not IN_USE; 6 lock := 0.
 *    If its slot holds the mark of somebody who is emptying it, recover the dead, and wait for a short while,
 *    asleep: it is still there if a recoverer was stopped. Then state := not IN_USE, and from 2: another
 *    entry gets the name.
 * remove: 1 take the lock; 2 free the block from the slot; 3 state := not IN_USE; 4 lock := 0.
 * Slots are filled under the lock, or a block could get into an entry that is another root's by now.
 * Threads of one attachment exclude each other by a lock of the JVM first: so who has that one, and finds
 * the attachment's own word in the lock of the roots, finds what a thread left that could not end.
 * Who waits for the lock sleeps, and asks whether its holder lives when it begins to wait and every 20 ms.
 *
 * If a process dies here
 * ----------------------
 * The lock is that of a dead participant, and the next one takes it. Up to 3 the entry is still free; from 4
 * on it is there, until 5 with an empty slot: who asks for it next allocates the block. Remove: up to 2 the
 * root is there, at last with an empty slot; after 3 it is gone. Its slot may hold the mark of the dead until
 * that is recovered: such an entry is not used. If a thread throws, whatever it is, it leaves no more than that.
 */
public final class Roots {
  /** A root as it was when its state word was this. */
  public record Seen(RootEntry entry, long state) {}

  /** Allocates into the slot of a root. */
  public interface Filler {
    /**
     * Allocates a block into a slot.
     *
     * @return the block; 0 if the slot was not empty
     */
    long allocateInto(long slot, long size);
  }

  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(5);

  /** How long a slot that is being emptied is waited for. */
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int TRIES = 1000;
  private static final long GENERATION_MASK = (1 << 30) - 1;
  private static final Map<Heap, ReentrantLock> MUTEXES = new WeakHashMap<>();

  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final Runnable recovery;
  private final long lock;
  private final long self;
  private final ReentrantLock mutex;

  public Roots(Tables tables, @Nullable Participant self, Runnable recovery) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
    this.recovery = recovery;
    this.lock = geometry.base() + AllocatorLayout.ROOT_LOCK;
    this.self = self == null ? 0 : (self.slot() + 1L) << Tables.ROOT_LOCK_SHIFT | self.generation();
    this.mutex = mutexOf(heap);
  }

  /** One for all who use the same attachment: they have one word in the lock of the roots. */
  private static ReentrantLock mutexOf(Heap heap) {
    synchronized (MUTEXES) {
      return MUTEXES.computeIfAbsent(heap, h -> new ReentrantLock());
    }
  }

  /** The root of a name. */
  public Optional<RootEntry> find(String name) {
    return list().stream().filter(root -> root.name().equals(name)).findFirst();
  }

  /** All roots. */
  public List<RootEntry> list() {
    List<RootEntry> found = new ArrayList<>();
    for (int i = 0; i < tables.rootFrontier(); i++) {
      Seen seen = look(i);
      if (seen != null) {
        found.add(seen.entry);
      }
    }
    return found;
  }

  /** The root in an entry of the table; null if there is none, or another one all the time. */
  public @Nullable Seen look(int index) {
    long offset = geometry.rootOffset(index);
    long state = state(offset);
    for (int i = 0; i < TRIES && isInUse(state); i++) {
      RootEntry entry = read(offset);
      long before = state;
      state = state(offset);
      if (state == before) {
        return new Seen(entry, state);
      }
    }
    return null;
  }

  /** Whether a root has been there all the time since it was seen. */
  public boolean isStill(Seen seen) {
    return state(entryOffset(seen.entry)) == seen.state;
  }

  public static long entryOffset(RootEntry root) {
    return root.slot() - RootLayout.REFERENCE;
  }

  private long state(long offset) {
    return heap.getLongAcquire(offset + RootLayout.STATE);
  }

  private static boolean isInUse(long state) {
    return (state & RootLayout.IN_USE) != 0;
  }

  /** Reads the fields with acquire order: the state is read again after them. */
  private RootEntry read(long offset) {
    int length = heap.getIntAcquire(offset + RootLayout.NAME_LENGTH);
    int readable = Math.max(0, Math.min(RootLayout.NAME_CAPACITY, length));
    byte[] name = new byte[RootLayout.NAME_CAPACITY];
    ByteBuffer words = ByteBuffer.wrap(name).order(ByteOrder.nativeOrder());
    for (int i = 0; i < readable; i += Long.BYTES) {
      words.putLong(heap.getLongAcquire(offset + RootLayout.NAME + i));
    }
    return new RootEntry(
        new String(name, 0, readable, StandardCharsets.UTF_8),
        heap.getLongAcquire(offset + RootLayout.TYPE),
        heap.getIntAcquire(offset + RootLayout.VERSION),
        heap.getLongAcquire(offset + RootLayout.SIZE),
        offset + RootLayout.REFERENCE);
  }

  /**
   * Finds the root of a name, or makes it, with its block.
   *
   * @throws RootMismatchException if it is there with another type, version or size
   */
  public RootEntry findOrMake(String name, long type, int version, long size, Filler filler) {
    byte[] utf8 = requireName(name);
    Optional<RootEntry> found = find(name).filter(this::hasBlock);
    if (found.isPresent()) {
      return requireMatch(found.get(), type, version, size);
    }
    return locked(
        () -> {
          while (true) {
            RootEntry entry = find(name).orElseGet(() -> make(utf8, type, version, size));
            requireMatch(entry, type, version, size);
            if (fill(entry, filler)) {
              return entry;
            }
            setFree(entry);
          }
        });
  }

  private boolean hasBlock(RootEntry root) {
    return Reference.block(heap.getLongAcquire(root.slot())) != 0;
  }

  /** Lets a root have a block; false if somebody who is emptying its slot does not end. */
  private boolean fill(RootEntry root, Filler filler) {
    boolean thrown = true;
    try {
      long begin = heap.nanoTime();
      boolean filled = isFilled(root, filler);
      while (!filled && heap.nanoTime() - begin < PATIENCE) {
        recovery.run();
        filled = isFilled(root, filler);
        if (!filled) {
          heap.sleepWhile(root.slot(), (int) heap.getLongAcquire(root.slot()), STEP);
        }
      }
      thrown = false;
      return filled;
    } finally {
      if (thrown && heap.isOpen() && !hasBlock(root)) {
        setFree(root);
      }
    }
  }

  private boolean isFilled(RootEntry root, Filler filler) {
    return hasBlock(root) || filler.allocateInto(root.slot(), root.size()) != 0;
  }

  private void setFree(RootEntry root) {
    long offset = entryOffset(root);
    heap.putLongRelease(offset + RootLayout.STATE, state(offset) & ~RootLayout.IN_USE);
  }

  private RootEntry requireMatch(RootEntry entry, long type, int version, long size) {
    if (entry.type() != type || entry.version() != version || entry.size() != size) {
      heap.requireOpen(); // or what was read is nothing
      throw new RootMismatchException(
          String.format(
              Locale.ROOT,
              "%s has a root \"%s\" with type %s, version %d and size %d; expected type %s,"
                  + " version %d and size %d. Use another name, or remove what is there",
              heap.path(),
              entry.name(),
              RootType.describe(entry.type()),
              entry.version(),
              entry.size(),
              RootType.describe(type),
              version,
              size));
    }
    return entry;
  }

  /** Returns the bytes of a name; half a surrogate pair has none, and would be taken for "?". */
  private static byte[] utf8(String name) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      return Arrays.copyOf(bytes.array(), bytes.limit());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the name of a root has half a surrogate pair, which UTF-8 does not have: name it"
              + " otherwise",
          e);
    }
  }

  private static byte[] requireName(String name) {
    byte[] utf8 = utf8(name);
    if (utf8.length == 0 || utf8.length > RootLayout.NAME_CAPACITY) {
      throw new IllegalArgumentException(
          "the name of a root has 1 to "
              + RootLayout.NAME_CAPACITY
              + " bytes in UTF-8, found "
              + utf8.length);
    }
    return utf8;
  }

  private RootEntry make(byte[] name, long type, int version, long size) {
    for (int i = 0; i < geometry.rootCount(); i++) {
      if (i == tables.rootFrontier()) {
        addEntry(i);
      }
      long offset = geometry.rootOffset(i);
      long state = state(offset);
      if (!isInUse(state) && heap.getLongAcquire(offset + RootLayout.REFERENCE) == 0) {
        heap.putLongRelease(offset + RootLayout.TYPE, type);
        heap.putIntRelease(offset + RootLayout.VERSION, version);
        heap.putIntRelease(offset + RootLayout.NAME_LENGTH, name.length);
        heap.putLongRelease(offset + RootLayout.SIZE, size);
        ByteBuffer words = ByteBuffer.wrap(Arrays.copyOf(name, RootLayout.NAME_CAPACITY));
        words.order(ByteOrder.nativeOrder());
        for (int at = 0; at < name.length; at += Long.BYTES) {
          heap.putLongRelease(offset + RootLayout.NAME + at, words.getLong());
        }
        heap.putLongRelease(offset + RootLayout.STATE, state + 2 | RootLayout.IN_USE);
        return read(offset);
      }
    }
    throw new RootTableFullException(
        heap.path()
            + " has "
            + geometry.rootCount()
            + " roots, as many as it can have: remove one");
  }

  /** Takes memory for an entry that was never used. */
  private void addEntry(int index) {
    try {
      tables.back(geometry.rootOffset(index), geometry.rootOffset(index + 1));
    } catch (OutOfSpaceException e) {
      FreeChunks free = FreeChunks.count(tables, true);
      throw new OutOfHeapMemoryException(
          heap.path()
              + " has "
              + index
              + " roots, and no memory for another: its file system is full. Remove a root, or make"
              + " room on the file system ("
              + e.getMessage()
              + ")",
          RootLayout.LENGTH,
          free.bytes(),
          free.longest(),
          e);
    }
    tables.raise(AllocatorLayout.ROOT_FRONTIER, index + 1L);
  }

  /**
   * Removes a root.
   *
   * @param free frees what its slot holds
   * @return whether there was one
   */
  public boolean remove(String name, LongConsumer free) {
    return locked(
        () -> {
          Optional<RootEntry> found = find(name);
          found.ifPresent(
              root -> {
                free.accept(root.slot());
                setFree(root);
              });
          return found.isPresent();
        });
  }

  /** One thread of this attachment at a time, and of all others. */
  private <T> T locked(Supplier<T> action) {
    StackReserve.require(); // to release it
    mutex.lock();
    try {
      acquire();
      try {
        return action.get();
      } finally {
        release();
      }
    } finally {
      mutex.unlock();
    }
  }

  /**
   * A heap that was closed meanwhile has let go of it, as if the process had died. If it fails
   * otherwise it is tried once more: other processes would wait for as long as this one lives.
   */
  private void release() {
    try {
      giveUp();
    } catch (IllegalStateException e) {
      if (heap.isOpen()) {
        throw e;
      }
    } catch (Throwable e) {
      giveUp();
      throw e;
    }
  }

  private void giveUp() {
    heap.compareAndSetLong(lock, self, 0);
    heap.wake(lock, 1);
  }

  private void acquire() {
    boolean due = true;
    long asked = 0;
    while (!heap.compareAndSetLong(lock, 0, self)) {
      long holder = heap.getLongAcquire(lock);
      if (holder == 0) {
        continue;
      }
      if (due) {
        asked = heap.nanoTime();
        if (isNobodys(holder) && heap.compareAndSetLong(lock, holder, self)) {
          return;
        }
      }
      long rest = SLICE - (heap.nanoTime() - asked);
      due = rest <= 0 || heap.sleepWhile(lock, (int) holder, rest);
    }
  }

  /** Whether who holds the lock will not give it back; this attachment does not hold it. */
  private boolean isNobodys(long holder) {
    if (holder == self || !tables.isRootLock(holder)) {
      return true;
    }
    int slot = (int) (holder >>> Tables.ROOT_LOCK_SHIFT) - 1;
    return !heap.isAlive(slot, (int) (holder & GENERATION_MASK));
  }
}
