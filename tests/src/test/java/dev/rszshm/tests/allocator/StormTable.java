package dev.rszshm.tests.allocator;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;

/**
 * Where the workers of {@link AllocatorStormIT} say what they have, so that it survives them: a
 * root with slots and words that all share, and an area for each role.
 *
 * <p>An area has slots that only its role uses, entries with the offsets of plain blocks that the
 * role owns, and two numbers: how many blocks may be lost if the role dies now (its risk), and how
 * many may have been lost by the deaths so far.
 */
final class StormTable {
  static final int SHARED_SLOTS = 48;
  static final int EXCHANGE = 16;
  static final int OWN_SLOTS = 4;
  static final int ENTRIES = 32;

  private static final int RISK = 0;
  private static final int LOST = 8;
  private static final int SLOTS = 16;
  private static final int FIRST_ENTRY = SLOTS + 8 * OWN_SLOTS;
  private static final int AREA = FIRST_ENTRY + 8 * ENTRIES;

  final Allocator allocator;
  private final Heap heap;
  private final long base;
  private final long area;

  StormTable(Allocator allocator, int roles, int role) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    long shared = 8L * (SHARED_SLOTS + EXCHANGE);
    RootEntry root = allocator.root("storm", 1, 1, shared + (long) roles * AREA);
    this.base = allocator.get(root.slot());
    this.area = base + shared + (long) role * AREA;
  }

  long sharedSlot(int index) {
    return base + 8L * index;
  }

  long ownSlot(int index) {
    return area + SLOTS + 8L * index;
  }

  /** Puts a plain block into a word that all share, and gets the one that was there; or 0. */
  long exchange(int index, long block) {
    return heap.getAndSetLong(exchangeOffset(index), block);
  }

  long exchanged(int index) {
    return heap.getLongAcquire(exchangeOffset(index));
  }

  private long exchangeOffset(int index) {
    return base + 8L * (SHARED_SLOTS + index);
  }

  long entry(int index) {
    return heap.getLongAcquire(area + FIRST_ENTRY + 8L * index);
  }

  void setEntry(int index, long block) {
    heap.putLongRelease(area + FIRST_ENTRY + 8L * index, block);
  }

  /** Says how many blocks may be lost if the role dies from now on. */
  void risk(int blocks) {
    heap.putLongRelease(area + RISK, blocks);
  }

  /** Counts what the one who had the role before may have lost, if it died. */
  void takeOver() {
    long risk = heap.getLongAcquire(area + RISK);
    heap.putLongRelease(area + LOST, heap.getLongAcquire(area + LOST) + risk);
    heap.putLongRelease(area + RISK, 0);
  }

  /** How many blocks the deaths of the role may have cost, at most. */
  long mayBeLost() {
    return heap.getLongAcquire(area + LOST) + heap.getLongAcquire(area + RISK);
  }

  /** Requires that all blocks of the role are whole; returns how many there are. */
  int verify() {
    int blocks = 0;
    for (int i = 0; i < OWN_SLOTS; i++) {
      blocks += verify(allocator.get(ownSlot(i)));
    }
    for (int i = 0; i < ENTRIES; i++) {
      blocks += verify(entry(i));
    }
    return blocks;
  }

  /** Requires that all blocks that are shared are whole, while nobody works. */
  int verifyShared() {
    int blocks = 0;
    for (int i = 0; i < SHARED_SLOTS; i++) {
      blocks += verify(allocator.get(sharedSlot(i)));
    }
    for (int i = 0; i < EXCHANGE; i++) {
      blocks += verify(exchanged(i));
    }
    return blocks;
  }

  private int verify(long block) {
    if (block == 0) {
      return 0;
    }
    Cookie.verify(allocator, block);
    return 1;
  }

  /** Frees all blocks of the role. */
  void clear() {
    for (int i = 0; i < OWN_SLOTS; i++) {
      allocator.freeFrom(ownSlot(i));
    }
    for (int i = 0; i < ENTRIES; i++) {
      allocator.free(entry(i));
      setEntry(i, 0);
    }
  }

  /** Frees all blocks that are shared. */
  void clearShared() {
    for (int i = 0; i < SHARED_SLOTS; i++) {
      allocator.freeFrom(sharedSlot(i));
    }
    for (int i = 0; i < EXCHANGE; i++) {
      allocator.free(exchange(i, 0));
    }
  }
}
