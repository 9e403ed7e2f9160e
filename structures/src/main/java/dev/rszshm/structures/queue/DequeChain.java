package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.internal.process.SettledSlot;
import dev.rszshm.structures.queue.errors.DamagedQueueException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * The nodes of a deque, from the first to the last. All in its lock.
 *
 * Layout
 * ------
 * DequeLayout. The slots of the chain are the truth: of the deque the first node, of each node the next one. What else there is (which one
 * is the last, which one is before, how many there are) follows from them.
 *
 * Protocol
 * --------
 * Each begins with busy := 1, and ends with the words that follow, and busy := 0.
 * put last: allocate the node, with its element, into the slot at the end of the chain (Allocator.allocateInto).
 * put first:
 *  1 allocate it into the slot "making"; 2 move the first node from its slot to the new one's next;
 *  3 move the new one from making to the first slot. Now it is there.
 * take out the node in a slot (of the deque, or of the node before it):
 *  the last one: free it from the slot (Allocator.freeFrom). Another one:
 *  a note the slot; b move the node from there to trash: now it is out; c move its next one from it into the slot; d free what is in
 *  trash.
 * Positions grow along the chain: each put has a number of its own, which is the position of what is put last, and less than 0 that of
 * what is put first. So an iterator finds its place again, and does not take another element for one that it has seen.
 *
 * If a process dies here
 * ----------------------
 * The lock passes to the next one, and the allocator has ended what it was doing (SettledSlot), so that each slot has its node or
 * not. It finds busy, and settles:
 *  something is in trash: c, if the slot is empty and there is a next one; d.
 *  something is in making: it was not put. If it has a next one, that is what was first: move it back. Free it from making.
 *  Then a walk finds the last one, the ones before, and the number.
 * All that can be done again. So what was put is there, or is not, when its slot says so, and no node is lost.
 * A process that dies with an element that it has taken and not returned: gone, as after the return.
 */
final class DequeChain {
  /** An element that was found, and where. */
  record Found(byte[] bytes, long node, long position) {}

  /** A place in the chain, on the way to one of its ends. */
  static final class Cursor {
    final boolean forwards;
    private long node;
    private long position;
    private long removals;
    private boolean begun;

    Cursor(boolean forwards) {
      this.forwards = forwards;
    }
  }

  private final Allocator allocator;
  private final Heap heap;
  private final BlockBounds bounds;
  final long at;

  DequeChain(Allocator allocator, long at) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.bounds = new BlockBounds(heap);
    this.at = at;
  }

  private long word(int offset) {
    return heap.getLongAcquire(at + offset);
  }

  private void setWord(int offset, long value) {
    heap.putLongRelease(at + offset, value);
  }

  boolean isBusy() {
    return word(DequeLayout.BUSY) != 0;
  }

  private void setBusy() {
    setWord(DequeLayout.BUSY, 1);
  }

  private void setDone() {
    setWord(DequeLayout.BUSY, 0);
  }

  /** The most nodes that there can be, whatever is in memory. */
  private long most() {
    return heap.length() / DequeLayout.NODE_CONTENT + 1;
  }

  // Nodes.

  private long node(long slot) {
    long node = allocator.get(slot);
    return node == 0 ? 0 : require(slot, node);
  }

  private long require(long place, long node) {
    if (!bounds.isWithin(node, DequeLayout.NODE_CONTENT) || !bounds.isWithin(node, bytes(node))) {
      throw damaged(place, node, "the place of a node");
    }
    return node;
  }

  private long bytes(long node) {
    int length = heap.getInt(node + DequeLayout.NODE_LENGTH);
    return length < 0 ? -1 : DequeLayout.NODE_CONTENT + (long) length;
  }

  long first() {
    return node(at + DequeLayout.FIRST);
  }

  long next(long node) {
    return node(node + DequeLayout.NODE_NEXT);
  }

  /** The last node; 0 if there is none. */
  long last() {
    long last = word(DequeLayout.LAST);
    return last == 0 ? 0 : require(at + DequeLayout.LAST, last);
  }

  /** The node before another; 0 if that is the first. */
  long before(long node) {
    long place = node + DequeLayout.NODE_BEFORE;
    long before = heap.getLongAcquire(place);
    return before == 0 ? 0 : require(place, before);
  }

  private long position(long node) {
    return heap.getLong(node + DequeLayout.NODE_POSITION);
  }

  byte[] copy(long node) {
    int length = heap.getInt(node + DequeLayout.NODE_LENGTH);
    return heap.getBytes(node + DequeLayout.NODE_CONTENT, length);
  }

  private long slotOf(long node) {
    long before = before(node);
    long slot = before == 0 ? at + DequeLayout.FIRST : before + DequeLayout.NODE_NEXT;
    if (allocator.get(slot) != node) {
      throw damaged(slot, allocator.get(slot), "the reference of the node at " + node);
    }
    return slot;
  }

  long count() {
    settle();
    return word(DequeLayout.COUNT);
  }

  // Changing.

  void putLast(byte[] element) {
    settle();
    long last = last();
    long slot = last == 0 ? at + DequeLayout.FIRST : last + DequeLayout.NODE_NEXT;
    setBusy();
    long node = make(slot, element, last, nextNumber());
    setWord(DequeLayout.LAST, node);
    setPut();
  }

  void putFirst(byte[] element) {
    settle();
    long first = first();
    if (first == 0) {
      putLast(element);
      return;
    }
    setBusy();
    long making = at + DequeLayout.MAKING;
    long node = make(making, element, 0, -nextNumber());
    if (!allocator.move(at + DequeLayout.FIRST, node + DequeLayout.NODE_NEXT)
        || !allocator.move(making, at + DequeLayout.FIRST)) {
      throw damaged(making, node, "the node that was just made");
    }
    heap.putLongRelease(first + DequeLayout.NODE_BEFORE, node);
    setPut();
  }

  private long make(long slot, byte[] element, long before, long position) {
    long node =
        allocator.allocateInto(
            slot,
            DequeLayout.NODE_CONTENT + (long) element.length,
            block -> {
              heap.putLong(block + DequeLayout.NODE_BEFORE, before);
              heap.putLong(block + DequeLayout.NODE_POSITION, position);
              heap.putInt(block + DequeLayout.NODE_LENGTH, element.length);
              if (element.length > 0) {
                heap.putBytes(block + DequeLayout.NODE_CONTENT, element);
              }
            });
    if (node == 0) {
      throw damaged(slot, heap.getLongAcquire(slot), "0");
    }
    return node;
  }

  private void setPut() {
    setWord(DequeLayout.COUNT, word(DequeLayout.COUNT) + 1);
    setDone();
  }

  /** A number that no put had before, whatever became of it. */
  private long nextNumber() {
    long number = word(DequeLayout.PUTS) + 1;
    setWord(DequeLayout.PUTS, number);
    return number;
  }

  /** Takes the first or the last element; null if there is none. */
  byte @Nullable [] take(boolean fromFirst) {
    settle();
    long node = fromFirst ? first() : last();
    if (node == 0) {
      return null;
    }
    byte[] element = copy(node);
    takeOut(node);
    return element;
  }

  /** Drops the first element; false if there is none. */
  boolean drop() {
    settle();
    long node = first();
    if (node != 0) {
      takeOut(node);
    }
    return node != 0;
  }

  byte @Nullable [] peek(boolean first) {
    settle();
    long node = first ? first() : last();
    return node == 0 ? null : copy(node);
  }

  private void takeOut(long node) {
    long slot = slotOf(node);
    long before = before(node);
    long next = next(node);
    setBusy();
    setWord(DequeLayout.REMOVALS, word(DequeLayout.REMOVALS) + 1);
    if (next == 0) {
      allocator.freeFrom(slot);
      setWord(DequeLayout.LAST, before);
    } else {
      setWord(DequeLayout.UNLINKED_FROM, slot);
      allocator.move(slot, at + DequeLayout.TRASH);
      completeUnlink();
      heap.putLongRelease(next + DequeLayout.NODE_BEFORE, before);
    }
    setWord(DequeLayout.COUNT, word(DequeLayout.COUNT) - 1);
    setDone();
  }

  private void completeUnlink() {
    long trash = node(at + DequeLayout.TRASH);
    if (trash == 0) {
      return;
    }
    long slot = unlinkedFrom();
    if (allocator.get(slot) == 0) {
      allocator.move(trash + DequeLayout.NODE_NEXT, slot);
    }
    allocator.freeFrom(at + DequeLayout.TRASH);
  }

  private long unlinkedFrom() {
    long slot = word(DequeLayout.UNLINKED_FROM);
    if ((slot & Long.BYTES - 1) != 0 || slot <= 0 || slot > heap.length() - Long.BYTES) {
      throw damaged(at + DequeLayout.UNLINKED_FROM, slot, "the offset of a slot");
    }
    return slot;
  }

  /** Ends what somebody has left. */
  void settle() {
    if (!isBusy() || heap.isReadOnly()) {
      return;
    }
    SettledSlot.await(allocator, at + DequeLayout.FIRST);
    SettledSlot.await(allocator, at + DequeLayout.TRASH);
    SettledSlot.await(allocator, at + DequeLayout.MAKING);
    long trash = node(at + DequeLayout.TRASH);
    if (trash != 0) {
      SettledSlot.await(allocator, unlinkedFrom());
      SettledSlot.await(allocator, trash + DequeLayout.NODE_NEXT);
    }
    completeUnlink();
    long making = node(at + DequeLayout.MAKING);
    if (making != 0) {
      SettledSlot.await(allocator, making + DequeLayout.NODE_NEXT);
      if (allocator.get(at + DequeLayout.FIRST) == 0) {
        allocator.move(making + DequeLayout.NODE_NEXT, at + DequeLayout.FIRST);
      }
      allocator.freeFrom(at + DequeLayout.MAKING);
    }
    long count = 0;
    long before = 0;
    long left = most();
    for (long node = first(); node != 0 && left > 0; node = next(node), left--) {
      SettledSlot.await(allocator, node + DequeLayout.NODE_NEXT);
      heap.putLongRelease(node + DequeLayout.NODE_BEFORE, before);
      before = node;
      count++;
    }
    if (left == 0) {
      throw endless(before);
    }
    setWord(DequeLayout.LAST, before);
    setWord(DequeLayout.COUNT, count);
    setDone();
  }

  // Looking, and removing.

  private long step(long node, boolean forwards) {
    return forwards ? next(node) : before(node);
  }

  private long edge(boolean forwards) {
    return forwards ? first() : last();
  }

  /** Copies elements behind a cursor, and moves it behind them. */
  void read(Cursor cursor, List<Found> into, int most, long mostBytes) {
    settle();
    long bytes = 0;
    long node = follow(cursor);
    while (node != 0 && into.size() < most && bytes < mostBytes) {
      byte[] copy = copy(node);
      into.add(new Found(copy, node, position(node)));
      bytes += copy.length;
      cursor.node = node;
      cursor.position = position(node);
      cursor.begun = true;
      cursor.removals = word(DequeLayout.REMOVALS);
      node = step(node, cursor.forwards);
    }
  }

  /** The node behind a cursor; 0 if there is none. */
  private long follow(Cursor cursor) {
    boolean forwards = cursor.forwards;
    if (!cursor.begun) {
      return edge(forwards);
    }
    if (cursor.removals == word(DequeLayout.REMOVALS)) {
      return step(cursor.node, forwards);
    }
    long left = most();
    for (long node = edge(forwards); node != 0 && left > 0; node = step(node, forwards), left--) {
      if (forwards ? position(node) > cursor.position : position(node) < cursor.position) {
        return node;
      }
    }
    if (left == 0) {
      throw endless(cursor.node);
    }
    return 0;
  }

  /** Removes an element that was found with a cursor, if it is still there. */
  boolean remove(Cursor cursor, Found found) {
    settle();
    long removals = word(DequeLayout.REMOVALS);
    boolean undisturbed = cursor.removals == removals;
    long node = undisturbed ? found.node : find(found);
    if (node == 0) {
      return false;
    }
    boolean isPlace = node == cursor.node;
    long neighbor = cursor.forwards ? before(node) : next(node);
    takeOut(node);
    if (undisturbed && (!isPlace || neighbor != 0)) {
      cursor.node = isPlace ? neighbor : cursor.node; // from there it goes on as before
      cursor.removals = removals + 1;
    }
    return true;
  }

  private long find(Found found) {
    long left = most();
    for (long node = first(); node != 0 && left > 0; node = next(node), left--) {
      if (position(node) == found.position) {
        return node;
      }
    }
    if (left == 0) {
      throw endless(found.node);
    }
    return 0;
  }

  /** The first or the last node with these bytes; 0 if there is none. */
  long find(byte[] bytes, boolean forwards) {
    settle();
    long left = most();
    for (long node = edge(forwards); node != 0 && left > 0; node = step(node, forwards), left--) {
      if (heap.getInt(node + DequeLayout.NODE_LENGTH) == bytes.length
          && Arrays.equals(copy(node), bytes)) {
        return node;
      }
    }
    if (left == 0) {
      throw endless(0);
    }
    return 0;
  }

  boolean remove(byte[] bytes, boolean forwards) {
    long node = find(bytes, forwards);
    if (node != 0) {
      takeOut(node);
    }
    return node != 0;
  }

  private DamagedQueueException endless(long node) {
    return damaged(at + DequeLayout.FIRST, node, "a chain of nodes that ends");
  }

  DamagedQueueException damaged(long place, long found, String expected) {
    return new DamagedQueueException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return "the deque at offset " + at + " of " + heap.path();
  }
}
