package dev.rszshm.structures.list;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.internal.bytes.ShortBytes;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.codec.StructureName;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.structures.internal.process.SettledSlot;
import dev.rszshm.structures.internal.segment.Founding;
import dev.rszshm.structures.internal.segment.References;
import dev.rszshm.structures.internal.segment.Segments;
import dev.rszshm.structures.internal.segment.SettledLock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/*
 * A list of bytes in a shared heap, which grows at its end without a lock: what SharedList is a face of.
 *
 * Layout
 * ------
 * ListLayout. Segments of slots (Segments), one for each index. A slot is 0, or refers to the block of its
 * element. Slots are filled in order, and never become empty again: the size is the index of the first one that is empty.
 * The size hint is never more than that. Nothing but a slot says that an element is there.
 *
 * Protocol
 * --------
 * append:
 *  1 begin at the size hint; go on to the first slot that is empty, making its segment if need be;
 *  2 allocate a block into it (Allocator.allocateInto): the block is filled, and its reference gets into the
 *    slot, by one compare-and-set from 0. So index and element appear together. Failed: somebody else has appended, from 1;
 *  3 of every sixteenth element: raise the hint, by one compare-and-set; if that fails, somebody else has raised it.
 *  The slot before was full when 1 came to this one, and stays so: there is no hole.
 * size: as 1, and 3 if the hint was too low. It is exact at the moment when the empty slot is read.
 * get:
 *  1 read the slot: empty, and there is no such index; 2 read stamp, length and bytes of its block;
 *  3 read the slot again, and then the stamp again. Both the same: this was the element when the slot was read again. If not, from 1.
 * set, in the lock of those who set:
 *  1 copy the old element, and make sure that its format is still a known one (StructureCodec); settle its slot (SettledSlot): whoever
 *    has appended it has ended, or counts as ended. Nobody but the holder of the lock changes a slot that is not empty;
 *  2 busy := 1; allocate the new element into the spare slot;
 *  3 write into the record the slot, the new reference, and the old one; record := 1;
 *  4 slot := the new reference: this is when it happens; 5 spare slot := the old reference; record := 0;
 *  6 free the old element from the spare slot; busy := 0.
 *
 * Why two looks are enough. An element is written in full before its reference gets into a slot, and is not
 * changed afterwards. No other element of this list ever has the same stamp (Stamps), not even one that was not appended
 * in the end. So if a reader finds the stamp s, then reads, then finds that the slot refers to the same block, and
 * after that the stamp s again: at its second look at the slot an element was in this block; had that been another
 * than the first, its stamp would have been written in between, and s never comes again. What else is in
 * memory that was freed may be anything; it is read within bounds, and not believed.
 *
 * Why nothing is removed. If the last element could go while others append, an appender that has seen its slot full
 * would fill the next one, and leave a hole. To keep that out, appending would need a lock.
 *
 * If a process dies here
 * ----------------------
 * append, 1: nothing has happened, or a segment is there earlier than it is needed. 2: allocateInto happens once or
 * not at all. 3: the hint is too low by sixteen for each of the dead; the next ones
 * go some steps further, until one raises it.
 * set: whoever has the lock next finds busy, and settles. The record is 1 and the slot has the new reference: 5. The record is 1 and
 * it has not: the record := 0. Then what the spare slot has is freed. So the element is the
 * old or the new one, and the other is freed, once. The two references are never the same: both blocks are in use.
 *
 * If a process stands still here
 * ------------------------------
 * In append, nobody waits for it, not even who sets the very element that it is appending. In set others who set wait. So they do while it recovers the
 * lane of somebody who died in set. Waits, but for the lock, end with an error after ten seconds.
 */
final class ListElements {
  /** Damage aside, each try that fails means that somebody has set the element meanwhile. */
  private static final int READS = 1_000_000;

  /** Every sixteenth append raises the hint, so that processes seldom fight for its cache line. */
  private static final long HINT_MASK = 15;

  private static final int CLEAN_LOOKS = 10_000;
  private static final Duration CLEAN_LOOK = Duration.ofMillis(1);

  final Allocator allocator;
  final Heap heap;
  final long at;
  final Segments segments;
  final SettledLock lock;
  private final StructureCodec<?> codec;
  private final Presence presence;
  private final Memory memory;
  private final Stamps stamps;

  /** As many elements as there are at least. */
  private long known;

  /**
   * The elements of a list that is there, or is made.
   *
   * @param codec of the elements
   */
  ListElements(Allocator allocator, long at, StructureCodec<?> codec) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    this.codec = codec;
    this.memory = RawAccess.of(heap, ListElements.class);
    long seed =
        Founding.findOrMake(
            heap,
            at,
            ListLayout.LENGTH,
            ListLayout.MAGIC_VALUE,
            ListLayout.CURRENT_VERSION,
            "list",
            codec::claim);
    codec.require();
    this.presence = new Presence(heap, at, ListLayout.MAGIC_VALUE, this);
    this.stamps = new Stamps(heap, at, seed);
    this.segments = new Segments(allocator, at + ListLayout.SEGMENTS);
    this.lock = new SettledLock(heap, at + ListLayout.LOCK, this::settle);
  }

  /** What messages call the list at an offset. */
  static StructureName name(Allocator allocator, long at) {
    return new StructureName("list", allocator.heap(), at, allocator);
  }

  // Size.

  boolean isEmpty() {
    presence.require();
    return !isThere(0);
  }

  /** Whether there is an element; its index is not negative. */
  boolean isThere(long index) {
    if (index > Segments.MAX_INDEX) {
      return false;
    }
    long slot = segments.find(index);
    return slot != 0 && heap.getLongAcquire(slot) != 0;
  }

  /** As many elements as there are at least. */
  private long atLeast() {
    presence.require();
    long hint = heap.getLongAcquire(at + ListLayout.SIZE_HINT);
    long least = Math.max(hint, known);
    if (isSize(least)) {
      return least;
    }
    if (!isSize(hint)) {
      throw damaged(at + ListLayout.SIZE_HINT, hint, "a number of elements that are there");
    }
    known = 0; // the list was removed, and made again
    return hint;
  }

  /** Whether there are so many elements at least. */
  private boolean isSize(long size) {
    return size == 0 || (size > 0 && isThere(size - 1));
  }

  long size() {
    long from = atLeast();
    long size = from;
    while (isThere(size)) {
      size++;
    }
    if (size != from && !heap.isReadOnly()) {
      raiseHint(size);
    }
    known = size;
    return size;
  }

  private void raiseHint(long size) {
    known = size;
    long hint = heap.getLongAcquire(at + ListLayout.SIZE_HINT);
    if (hint < size) {
      heap.compareAndSetLong(at + ListLayout.SIZE_HINT, hint, size);
    }
  }

  // Appending.

  /** Appends an element; returns its index. */
  long append(byte[] bytes) {
    heap.requireWritable();
    long index = atLeast();
    while (true) {
      if (index > Segments.MAX_INDEX) {
        throw new IllegalStateException(
            this + " has " + index + " elements, the most that there can be");
      }
      long slot = segments.ensure(index);
      if (heap.getLongAcquire(slot) == 0 && make(slot, bytes)) {
        known = index + 1;
        if ((known & HINT_MASK) == 0) {
          raiseHint(known);
        }
        return index;
      }
      index++;
    }
  }

  /** Allocates an element into an empty slot; returns whether nobody else was faster. */
  private boolean make(long slot, byte[] bytes) {
    long stamp = stamps.next();
    long length = ListLayout.ELEMENT_BYTES + ShortBytes.room(bytes.length);
    return 0
        != allocator.allocateInto(
            slot,
            length,
            block -> {
              memory.releaseFence(); // whoever sees any of this sees that the last one was set
              heap.putLong(block, stamp);
              heap.putInt(block + ListLayout.ELEMENT_LENGTH, bytes.length);
              ShortBytes.put(heap, block + ListLayout.ELEMENT_BYTES, bytes);
            });
  }

  // Reading.

  /** A copy of an element; null if there is no such index. */
  byte @Nullable [] get(long index) {
    presence.require();
    if (index < 0 || index > Segments.MAX_INDEX) {
      return null;
    }
    long slot = segments.find(index);
    if (slot == 0) {
      return null;
    }
    for (int i = 0; i < READS; i++) {
      long block = allocator.get(slot);
      if (block == 0) {
        return null;
      }
      requireWithin(slot, block, ListLayout.ELEMENT_BYTES);
      long stamp = heap.getLongAcquire(block);
      int length = heap.getInt(block + ListLayout.ELEMENT_LENGTH);
      boolean within =
          length >= 0 && isWithin(block, ListLayout.ELEMENT_BYTES + ShortBytes.room(length));
      byte[] bytes =
          within ? ShortBytes.get(heap, block + ListLayout.ELEMENT_BYTES, length) : new byte[0];
      memory.acquireFence();
      if (allocator.get(slot) == block && heap.getLongAcquire(block) == stamp) {
        if (!within) {
          throw damaged(block + ListLayout.ELEMENT_LENGTH, length, "the length of an element");
        }
        return bytes;
      }
    }
    throw damaged(slot, heap.getLongAcquire(slot), "a reference that does not change all the time");
  }

  private boolean isWithin(long block, long length) {
    return block <= heap.length() - length;
  }

  void requireWithin(long slot, long block, long length) {
    if (!isWithin(block, length)) {
      throw damaged(slot, heap.getLongAcquire(slot), "the reference of a block within the heap");
    }
  }

  // Setting.

  /** Sets an element; returns a copy of what it was; null if there is no such index. */
  byte @Nullable [] set(long index, byte[] bytes) {
    heap.requireWritable();
    presence.require();
    if (index < 0 || !isThere(index)) {
      return null;
    }
    long slot = segments.find(index);
    byte[][] old = new byte[1][];
    lock.run(
        () -> {
          presence.require(); // it may have been removed before this thread got the lock
          old[0] = get(index);
          codec.requireInLock();
          replace(slot, bytes);
        });
    return old[0];
  }

  private void replace(long slot, byte[] bytes) {
    long spare = at + ListLayout.SPARE;
    long old = SettledSlot.settle(allocator, slot);
    if (!References.isClean(old)) {
      throw damaged(slot, old, "the reference of an element");
    }
    lock.setBusy();
    if (!make(spare, bytes)) {
      throw damaged(spare, heap.getLongAcquire(spare), "0");
    }
    long made = References.clean(heap.getLongAcquire(spare));
    heap.putLongRelease(at + ListLayout.RECORD_SLOT, slot);
    heap.putLongRelease(at + ListLayout.RECORD_NEW, made);
    heap.putLongRelease(at + ListLayout.RECORD_OLD, old);
    heap.putLongRelease(at + ListLayout.RECORD, 1);
    heap.putLongVolatile(slot, made);
    heap.putLongRelease(spare, old);
    heap.putLongRelease(at + ListLayout.RECORD, 0);
    allocator.freeFrom(spare);
    lock.setDone();
  }

  /** Ends what somebody has left who set an element. */
  private void settle() {
    long record = heap.getLongAcquire(at + ListLayout.RECORD);
    long spare = at + ListLayout.SPARE;
    if (record != 0) {
      long slot = heap.getLongAcquire(at + ListLayout.RECORD_SLOT);
      long old = heap.getLongAcquire(at + ListLayout.RECORD_OLD);
      if (record != 1 || slot < heap.dataOffset() || slot > heap.length() - Long.BYTES) {
        throw damaged(at + ListLayout.RECORD, record, "0, or 1 with the offset of a slot");
      }
      if ((slot & Long.BYTES - 1) != 0 || !References.isClean(old)) {
        throw damaged(at + ListLayout.RECORD_SLOT, slot, "the slot of an element that was there");
      }
      if (heap.getLongAcquire(slot) == heap.getLongAcquire(at + ListLayout.RECORD_NEW)) {
        heap.putLongRelease(spare, old);
      }
      heap.putLongRelease(at + ListLayout.RECORD, 0);
    }
    emptySpare(spare);
  }

  /** Frees what is in the spare slot; a mark of the dead is taken away by whoever recovers them. */
  private void emptySpare(long spare) {
    for (int i = 0; i < CLEAN_LOOKS; i++) {
      if (heap.getLongAcquire(spare) == 0 || allocator.freeFrom(spare)) {
        return;
      }
      allocator.recover();
      if (heap.getLongAcquire(spare) != 0) {
        heap.pause(CLEAN_LOOK);
      }
    }
    throw new IllegalStateException(
        "a process died while it set an element of "
            + this
            + ", and who recovers what it held has been stopped: let it go on or end it");
  }

  /** Gives all memory back, when nobody uses the list any more. */
  void dismantle() {
    presence.end();
    lock.run(
        () -> {
          heap.putLongRelease(at + ListLayout.SIZE_HINT, 0);
          segments.dismantleSlots();
        });
    known = 0;
  }

  DamagedHeapException damaged(long place, long found, String expected) {
    return new DamagedHeapException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return name(allocator, at).toString();
  }
}
