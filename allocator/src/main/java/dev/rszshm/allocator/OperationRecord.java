package dev.rszshm.allocator;

import dev.rszshm.heap.memory.Memory;

/**
 * What a lane is doing with references, so that somebody else can finish it. {@link LaneLayout} has
 * the fields; the record word is written last.
 */
final class OperationRecord {
  /** No operation, or one that has ended. */
  static final int IDLE = 0;

  /** Described, and not known to have succeeded. */
  static final int PREPARED = 1;

  /** Known to have succeeded, by somebody who found its reference in the slot. */
  static final int HELPED = 2;

  /** Known to have failed, by a recoverer. */
  static final int ABORTING = 3;

  /** The block is stamped: it is being freed. */
  static final int STAMPED = 4;

  /** Nothing: the operation has ended, and what it has written is no business of the lane's. */
  static final int NONE = 0;

  static final int ALLOCATE = 1;
  static final int FREE = 2;
  static final int MOVE = 3;

  private static final int SEQUENCE_SHIFT = 32;
  private static final int OPERATION_SHIFT = 8;

  private final Memory memory;
  private final long base;

  OperationRecord(Tables tables, int lane) {
    this.memory = tables.heap.memory();
    this.base = tables.heap.base() + tables.at.laneOffset(lane);
  }

  static long word(long sequence, int operation, int state) {
    return sequence << SEQUENCE_SHIFT | (long) operation << OPERATION_SHIFT | state;
  }

  static long sequence(long word) {
    return word >>> SEQUENCE_SHIFT;
  }

  static int operation(long word) {
    return (int) (word >>> OPERATION_SHIFT) & 0xff;
  }

  static int state(long word) {
    return (int) word & 0xff;
  }

  static long become(long word, int state) {
    return (word & ~0xffL) | state;
  }

  long word() {
    return memory.getLongAcquire(base + LaneLayout.RECORD);
  }

  /** Changes the state, while nobody else may. */
  void set(long word) {
    memory.putLongRelease(base + LaneLayout.RECORD, word);
  }

  /**
   * Ends an operation. Its slots may become something else from now on, and are not looked at if
   * the lane dies.
   */
  void end(long word) {
    set(word(sequence(word), NONE, IDLE));
  }

  boolean change(long from, int state) {
    return memory.compareAndSetLong(base + LaneLayout.RECORD, from, become(from, state));
  }

  /**
   * Describes an operation, in the lane's own thread. No store goes before the end of the operation
   * before, so that the fields are never taken for those of another.
   *
   * @param source the slot that is moved from, or the first chunk of the block
   * @return its word, in state PREPARED
   */
  long prepare(
      int operation, long destination, long source, long block, long owner, long previous) {
    long sequence = sequence(word()) + 1 & 0xffff_ffffL;
    memory.putLongRelease(base + LaneLayout.DESTINATION, destination);
    memory.putLongRelease(base + LaneLayout.SOURCE, source);
    memory.putLongRelease(base + LaneLayout.BLOCK, block);
    memory.putLongRelease(base + LaneLayout.BLOCK_OWNER, owner);
    memory.putLongRelease(base + LaneLayout.PREVIOUS, previous);
    long word = word(sequence, operation, PREPARED);
    set(word);
    return word;
  }

  long destination() {
    return memory.getLong(base + LaneLayout.DESTINATION);
  }

  long source() {
    return memory.getLong(base + LaneLayout.SOURCE);
  }

  long block() {
    return memory.getLong(base + LaneLayout.BLOCK);
  }

  long blockOwner() {
    return memory.getLong(base + LaneLayout.BLOCK_OWNER);
  }

  long previous() {
    return memory.getLong(base + LaneLayout.PREVIOUS);
  }
}
