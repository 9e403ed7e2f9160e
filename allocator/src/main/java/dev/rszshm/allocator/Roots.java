package dev.rszshm.allocator;

import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.allocator.errors.RootTableFullException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

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
 *  3 write the fields of a free entry, unless it is there; 4 its state := made once more and IN_USE, with
 *    release order;
 *  5 allocate into its slot, if that is empty. No room: state := not IN_USE; 6 lock := 0.
 * remove: 1 take the lock; 2 free the block from the slot; 3 state := not IN_USE; 4 lock := 0.
 * Slots are filled under the lock, or a block could get into an entry that is another root's by now.
 *
 * If a process dies here
 * ----------------------
 * The lock is that of a dead participant, and the next one takes it. Up to 3 the entry is still free; from 4
 * on it is there, until 5 with an empty slot: who asks for it next allocates the block. Remove: up to 2 the
 * root is there, at last with an empty slot; after 3 it is gone. Its slot may hold the mark of the dead until
 * that is recovered: such an entry is not used.
 */
final class Roots {
  private static final Duration SLICE = Duration.ofMillis(20);
  private static final int SLOT_SHIFT = 30;
  private static final long GENERATION_MASK = (1 << 30) - 1;

  private final Heap heap;
  private final Geometry at;
  private final long lock;
  private final long self;

  Roots(Tables tables, Participant self) {
    this.heap = tables.heap;
    this.at = tables.at;
    this.lock = at.base() + AllocatorLayout.ROOT_LOCK;
    this.self = self == null ? 0 : (self.slot() + 1L) << SLOT_SHIFT | self.generation();
  }

  /** The root of a name. */
  Optional<RootEntry> find(String name) {
    return list().stream().filter(root -> root.name().equals(name)).findFirst();
  }

  /** All roots. */
  List<RootEntry> list() {
    List<RootEntry> found = new ArrayList<>();
    for (int i = 0; i < at.rootCount(); i++) {
      long offset = at.rootOffset(i);
      long state = state(offset);
      while (isInUse(state)) {
        RootEntry entry = read(offset);
        long before = state;
        state = state(offset);
        if (state == before) {
          found.add(entry);
          break;
        }
      }
    }
    return found;
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
   * @param allocate allocates a block of the size into the slot of a root, which may be empty
   * @throws RootMismatchException if it is there with another type, version or size
   */
  RootEntry findOrMake(
      String name, long type, int version, long size, Consumer<RootEntry> allocate) {
    byte[] utf8 = requireName(name);
    Optional<RootEntry> found = find(name).filter(this::hasBlock);
    if (found.isPresent()) {
      return requireMatch(found.get(), type, version, size);
    }
    return locked(
        () -> {
          RootEntry entry = find(name).orElseGet(() -> make(utf8, type, version, size));
          requireMatch(entry, type, version, size);
          if (!hasBlock(entry)) {
            fill(entry, allocate);
          }
          return entry;
        });
  }

  private boolean hasBlock(RootEntry root) {
    return Reference.block(heap.getLongAcquire(root.slot())) != 0;
  }

  private void fill(RootEntry root, Consumer<RootEntry> allocate) {
    boolean filled = false;
    try {
      allocate.accept(root);
      filled = true;
    } finally {
      if (!filled) {
        setFree(root);
      }
    }
  }

  private void setFree(RootEntry root) {
    long offset = root.slot() - RootLayout.REFERENCE;
    heap.putLongRelease(offset + RootLayout.STATE, state(offset) & ~RootLayout.IN_USE);
  }

  private RootEntry requireMatch(RootEntry entry, long type, int version, long size) {
    if (entry.type() != type || entry.version() != version || entry.size() != size) {
      throw new RootMismatchException(
          String.format(
              "%s has a root \"%s\" with type %d, version %d and size %d; asked for was type %d,"
                  + " version %d and size %d. Name another, or remove this one",
              heap.path(),
              entry.name(),
              entry.type(),
              entry.version(),
              entry.size(),
              type,
              version,
              size));
    }
    return entry;
  }

  private static byte[] requireName(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
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
    for (int i = 0; i < at.rootCount(); i++) {
      long offset = at.rootOffset(i);
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
        heap.path() + " has " + at.rootCount() + " roots, and that is all it can have: remove one");
  }

  /**
   * Removes a root.
   *
   * @param free frees what its slot holds
   * @return whether there was one
   */
  boolean remove(String name, LongConsumer free) {
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
  private synchronized <T> T locked(Supplier<T> action) {
    acquire();
    try {
      return action.get();
    } finally {
      heap.compareAndSetLong(lock, self, 0);
      heap.wake(lock, 1);
    }
  }

  private void acquire() {
    boolean interrupted = false;
    while (!heap.compareAndSetLong(lock, 0, self)) {
      long holder = heap.getLongAcquire(lock);
      if (holder == 0) {
        continue;
      }
      if (holder != self && isDead(holder) && heap.compareAndSetLong(lock, holder, self)) {
        break;
      }
      try {
        heap.waitWhile(lock, (int) holder, SLICE);
      } catch (InterruptedException e) {
        interrupted = true; // the holder is at it for microseconds: wait on, and say it later
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDead(long holder) {
    int slot = (int) (holder >>> SLOT_SHIFT) - 1;
    return !heap.isAlive(slot, (int) (holder & GENERATION_MASK));
  }
}
