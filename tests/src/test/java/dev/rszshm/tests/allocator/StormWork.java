package dev.rszshm.tests.allocator;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.util.SplittableRandom;

/** What a role of a worker of {@link AllocatorStormIT} does, step by step. */
final class StormWork {
  private final StormTable table;
  private final Allocator allocator;
  private final Heap heap;
  private final int writer;
  private final SplittableRandom random;
  private int sequence;

  StormWork(StormTable table, int writer, long seed) {
    this.table = table;
    this.allocator = table.allocator;
    this.heap = allocator.heap();
    this.writer = writer;
    this.random = new SplittableRandom(seed);
  }

  private long size() {
    int kind = random.nextInt(100);
    int limit =
        kind < 50 ? 100 : kind < 80 ? 4000 : kind < 95 ? 40_000 : kind < 99 ? 300_000 : 5 << 20;
    return (long) Cookie.SHORTEST + random.nextInt(limit);
  }

  private void write(long block, long size) {
    Cookie.write(heap, block, size, writer, sequence++);
  }

  /** Blocks that belong to whoever wrote their offset down. */
  void plainStep() {
    int index = random.nextInt(StormTable.ENTRIES);
    long block = table.entry(index);
    if (block == 0) {
      allocate(index);
      return;
    }
    Cookie.verify(allocator, block);
    int choice = random.nextInt(10);
    table.risk(choice < 2 ? 2 : 1);
    table.setEntry(index, 0);
    if (choice < 2) {
      reallocate(index, block);
    } else if (choice < 6) {
      allocator.free(block);
    } else {
      long other = table.exchange(random.nextInt(StormTable.EXCHANGE), block);
      if (other != 0) {
        Cookie.verify(allocator, other);
        allocator.free(other);
      }
    }
    table.risk(0);
  }

  private void allocate(int index) {
    long size = size();
    table.risk(1);
    long block =
        switch (random.nextInt(8)) {
          case 0 -> allocator.allocateZeroed(size);
          case 1 -> allocator.allocateAligned(size, 16L << random.nextInt(13));
          default -> allocator.allocate(size);
        };
    write(block, size);
    table.setEntry(index, block);
    table.risk(0);
  }

  /** The old block and the new one are both there in the middle of it. */
  private void reallocate(int index, long block) {
    long key = Cookie.key(heap, block);
    long size = size();
    long moved = allocator.reallocate(block, size);
    if (Cookie.key(heap, moved) != key) {
      throw new AssertionError("block " + block + " lost its content on the way to " + moved);
    }
    write(moved, size);
    table.setEntry(index, moved);
  }

  /** Blocks that belong to slots. */
  void managedStep() {
    long shared = table.sharedSlot(random.nextInt(StormTable.SHARED_SLOTS));
    long own = table.ownSlot(random.nextInt(StormTable.OWN_SLOTS));
    switch (random.nextInt(8)) {
      case 0, 1 -> allocateInto(shared);
      case 2 -> allocateInto(own);
      case 3 -> allocator.freeFrom(shared);
      case 4 -> allocator.move(shared, table.sharedSlot(random.nextInt(StormTable.SHARED_SLOTS)));
      case 5 -> {
        verifyOwn(own);
        allocator.move(own, shared);
      }
      case 6 -> {
        verifyOwn(own);
        allocator.freeFrom(own);
      }
      default -> {
        if (allocator.move(shared, own)) {
          verifyOwn(own);
        }
      }
    }
  }

  private void allocateInto(long slot) {
    long size = size();
    allocator.allocateInto(slot, size, block -> write(block, size));
  }

  /** Nobody else frees what is in an own slot, so it can be looked at. */
  private void verifyOwn(long slot) {
    long block = allocator.get(slot);
    if (block != 0) {
      Cookie.verify(allocator, block);
    }
  }
}
