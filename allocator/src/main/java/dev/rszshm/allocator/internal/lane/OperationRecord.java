package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;

/**
 * What a lane is doing with references, so that somebody else can finish it. {@link LaneLayout} has
 * the fields; the record word is written last.
 *
 * <p>The sequence has 56 bits: a lane that begins an operation every 50 ns needs a century to come
 * back to one, so that a word which was read twice and is the same is that of one operation.
 */
public final class OperationRecord {
  /** No operation, or one that has ended. */
  public static final int IDLE = 0;

  /** Described, and not known to have succeeded. */
  public static final int PREPARED = 1;

  /** Known to have succeeded, by somebody who found its reference in the slot. */
  public static final int HELPED = 2;

  /** Known to have failed, by a recoverer. */
  public static final int ABORTING = 3;

  /** The block is stamped: it is being freed. */
  public static final int STAMPED = 4;

  /** Nothing: the operation has ended, and what it has written is no business of the lane's. */
  public static final int NONE = 0;

  public static final int ALLOCATE = 1;
  public static final int FREE = 2;
  public static final int MOVE = 3;

  /** Frees a block of a slab that was the lane's own when it began: such a block is not stamped. */
  public static final int FREE_OWN = 4;

  private static final int SEQUENCE_SHIFT = 8;
  private static final int OPERATION_SHIFT = 4;
  private static final long MAX_SEQUENCE = (1L << 56) - 1;

  private final Heap heap;
  private final Memory memory;
  private final long offset;
  private final long address;

  public OperationRecord(Tables tables, int lane) {
    this.heap = tables.heap;
    this.memory = RawAccess.of(heap, OperationRecord.class);
    this.offset = tables.geometry.laneOffset(lane);
    this.address = heap.base() + offset;
  }

  public static long word(long sequence, int operation, int state) {
    return sequence << SEQUENCE_SHIFT | (long) operation << OPERATION_SHIFT | state;
  }

  public static long sequence(long word) {
    return word >>> SEQUENCE_SHIFT;
  }

  public static int operation(long word) {
    return (int) (word >>> OPERATION_SHIFT) & 0xf;
  }

  public static int state(long word) {
    return (int) word & 0xf;
  }

  public static long become(long word, int state) {
    return (word & ~0xfL) | state;
  }

  /** Whether two words are of one operation, in whatever state. */
  public static boolean isSame(long word, long other) {
    return become(word, 0) == become(other, 0);
  }

  public long word() {
    return heap.getLongAcquire(offset + LaneLayout.RECORD);
  }

  /** Changes the state, while nobody else may. */
  public void set(long word) {
    heap.putLongRelease(offset + LaneLayout.RECORD, word);
  }

  /** As {@link #set}, of who has just looked whether the heap is open. */
  public void setAfterLook(long word) {
    memory.putLongRelease(RawAccess.ofWord(address) + LaneLayout.RECORD, word);
  }

  /** As {@link #end}, of who has just looked whether the heap is open. */
  public void endAfterLook(long word) {
    setAfterLook(word(sequence(word), NONE, IDLE));
  }

  /**
   * Ends an operation. Its slots may become something else from now on, and are not looked at if
   * the lane dies.
   */
  public void end(long word) {
    set(word(sequence(word), NONE, IDLE));
  }

  public boolean change(long from, int state) {
    return heap.compareAndSetLong(offset + LaneLayout.RECORD, from, become(from, state));
  }

  /**
   * Describes an operation, in the lane's own thread. No store goes before the end of the operation
   * before, so that the fields are never taken for those of another. The caller has just looked
   * whether the heap is open.
   *
   * @param source the slot that is moved from, or the first chunk of the block to allocate
   * @return its word, in state PREPARED
   */
  public long prepare(
      int operation, long destination, long source, long block, long owner, long previous) {
    long word = nextWord(memory, address, operation);
    memory.putLongRelease(address + LaneLayout.DESTINATION, destination);
    memory.putLongRelease(address + LaneLayout.SOURCE, source);
    memory.putLongRelease(address + LaneLayout.BLOCK, block);
    memory.putLongRelease(address + LaneLayout.BLOCK_OWNER, owner);
    memory.putLongRelease(address + LaneLayout.PREVIOUS, previous);
    memory.putLongRelease(address + LaneLayout.RECORD, word);
    return word;
  }

  /** As {@link #prepare}, of a block that is about to be allocated from a slab of the lane. */
  public long prepareAllocate(long slot, long chunk, long block, long owner) {
    Memory words = memory; // once: each ordered store lets compiled code read fields again
    long at = RawAccess.ofWord(address);
    long word = nextWord(words, at, ALLOCATE);
    words.putLongRelease(at + LaneLayout.DESTINATION, slot);
    words.putLongRelease(at + LaneLayout.SOURCE, chunk);
    words.putLongRelease(at + LaneLayout.BLOCK, block);
    words.putLongRelease(at + LaneLayout.BLOCK_OWNER, owner);
    words.putLongRelease(at + LaneLayout.RECORD, word);
    return word;
  }

  /** As {@link #prepare}, of {@link #FREE_OWN}. */
  public long prepareFreeOwn(long slot, long block, long previous) {
    Memory words = memory;
    long at = RawAccess.ofWord(address);
    long word = nextWord(words, at, FREE_OWN);
    words.putLongRelease(at + LaneLayout.DESTINATION, slot);
    words.putLongRelease(at + LaneLayout.BLOCK, block);
    words.putLongRelease(at + LaneLayout.PREVIOUS, previous);
    words.putLongRelease(at + LaneLayout.RECORD, word);
    return word;
  }

  private static long nextWord(Memory memory, long address, int operation) {
    long last = memory.getLongAcquire(address + LaneLayout.RECORD);
    return word(sequence(last) + 1 & MAX_SEQUENCE, operation, PREPARED);
  }

  /**
   * Says where a block lies that is about to be stamped. The caller has just looked whether the
   * heap is open.
   */
  public void locate(long chunk, long owner) {
    memory.putLongRelease(address + LaneLayout.SOURCE, chunk);
    memory.putLongRelease(address + LaneLayout.BLOCK_OWNER, owner);
  }

  public long destination() {
    return heap.getLongAcquire(offset + LaneLayout.DESTINATION);
  }

  public long source() {
    return heap.getLongAcquire(offset + LaneLayout.SOURCE);
  }

  public long block() {
    return heap.getLongAcquire(offset + LaneLayout.BLOCK);
  }

  public long blockOwner() {
    return heap.getLongAcquire(offset + LaneLayout.BLOCK_OWNER);
  }

  public long previous() {
    return heap.getLongAcquire(offset + LaneLayout.PREVIOUS);
  }

  /** The slot that an operation empties; 0 if it is one that does not. */
  public long emptied(long word) {
    return switch (operation(word)) {
      case FREE, FREE_OWN -> destination();
      case MOVE -> source();
      default -> 0;
    };
  }
}
