package dev.rszshm.structures.internal.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/*
 * The names of the tasks of a pool, each of which has a number.
 *
 * Layout
 * ------
 * NameLayout: slots, in the pool and in a chain of blocks. The number of a name is that of its slot, counted from the first one on.
 * Slots are filled in their order, and never emptied.
 *
 * Protocol
 * --------
 * number of a name: 1 look at the slots in their order, to the first that is empty. The name is there: that is its number;
 * 2 allocate the name into the empty slot (Allocator.allocateInto), which writes it before others see it: that is its number.
 * The slot was not empty any more: on with 1, from this slot. Behind the last slot of a part of the chain:
 * 3 allocate a block with more slots into the slot for that, unless it is there.
 * So no name has two numbers: who adds one has seen all that stand before it, and nobody adds one elsewhere. Nobody waits
 * for anybody: who stands still in 2 has added its name, or another one adds one there.
 *
 * If a process dies here
 * ----------------------
 * The name is there, or it is not. A block with more slots may be there that has none.
 */

/** The names of the tasks of a pool. Any thread may use one. */
public final class TaskNames {
  private final PoolTables tables;
  private final Allocator allocator;
  private final Heap heap;
  private final long at;

  TaskNames(PoolTables tables, long at) {
    this.tables = tables;
    this.allocator = tables.allocator;
    this.heap = tables.heap;
    this.at = at;
  }

  /** Some slots that follow one another, and the slot for the next ones. */
  private record Part(long slots, int count, long more) {}

  private Part first() {
    return new Part(at + NameLayout.NAMES, NameLayout.COUNT, at + NameLayout.MORE);
  }

  private static Part part(long chunk) {
    return new Part(
        chunk + NameLayout.CHUNK_NAMES, NameLayout.CHUNK_COUNT, chunk + NameLayout.CHUNK_NEXT);
  }

  /** The most parts that a sound chain has. */
  private long mostParts() {
    return 2 + heap.length() / NameLayout.CHUNK_LENGTH;
  }

  /**
   * Returns the number of a name, which is added if it is not there.
   *
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if it is not there and there is no
   *     room
   */
  public long intern(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    Part part = first();
    long before = 0;
    for (long i = 0; i < mostParts(); i++) {
      for (int index = 0; index < part.count; index++) {
        if (isOrBecomes(part.slots + (long) index * Long.BYTES, bytes)) {
          return before + index;
        }
      }
      before += part.count;
      part = part(more(part.more));
    }
    throw endless();
  }

  /** Whether a slot has a name, or gets it because it was empty. */
  private boolean isOrBecomes(long slot, byte[] bytes) {
    long block = allocator.get(slot);
    if (block == 0) {
      block =
          allocator.allocateInto(
              slot,
              NameLayout.NAME + (long) bytes.length,
              made -> {
                heap.putInt(made + NameLayout.NAME_LENGTH, bytes.length);
                heap.putBytes(made + NameLayout.NAME, bytes);
              });
      if (block != 0) {
        return true;
      }
      block = requireBlock(slot);
    }
    return length(block) == bytes.length && Arrays.equals(bytes(block), bytes);
  }

  /** The block with more slots that a slot has, or gets. */
  private long more(long slot) {
    long chunk = allocator.get(slot);
    if (chunk == 0) {
      chunk = allocator.allocateInto(slot, NameLayout.CHUNK_LENGTH);
    }
    return chunk == 0 ? requireBlock(slot) : chunk;
  }

  private long requireBlock(long slot) {
    long block = allocator.get(slot);
    if (block == 0) {
      throw tables.damaged(slot, heap.getLongAcquire(slot), "a name of a task, which stays");
    }
    return block;
  }

  private int length(long block) {
    int length = heap.getInt(block + NameLayout.NAME_LENGTH);
    long most = allocator.usableSize(block) - NameLayout.NAME;
    if (length < 0 || length > most) {
      throw tables.damaged(
          block + NameLayout.NAME_LENGTH, length, "the length of a name of at most " + most);
    }
    return length;
  }

  private byte[] bytes(long block) {
    return heap.getBytes(block + NameLayout.NAME, length(block));
  }

  /**
   * Returns the name with a number.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public String get(long number) {
    Part part = first();
    long index = number;
    for (long i = 0; i < mostParts() && index >= 0; i++) {
      if (index < part.count) {
        long block = allocator.get(part.slots + index * Long.BYTES);
        if (block == 0) {
          break;
        }
        return new String(bytes(block), StandardCharsets.UTF_8);
      }
      index -= part.count;
      long chunk = allocator.get(part.more);
      if (chunk == 0) {
        break;
      }
      part = part(chunk);
    }
    throw new IndexOutOfBoundsException("no task of " + tables + " has the name " + number);
  }

  private RuntimeException endless() {
    return tables.damaged(at, heap.getLongAcquire(at), "names of tasks, of which there is a last");
  }
}
