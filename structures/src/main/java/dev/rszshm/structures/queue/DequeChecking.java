package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.internal.codec.FormatWord;
import dev.rszshm.structures.internal.process.LockLook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at every word of a deque. The caller has its lock. */
final class DequeChecking {
  private static final int MOST_FINDINGS = 100;

  private final Allocator allocator;
  private final Heap heap;
  private final DequeChain chain;
  private final List<String> findings = new ArrayList<>();
  private long elements;
  private long bytes;

  DequeChecking(Allocator allocator, DequeChain chain) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.chain = chain;
  }

  DequeCheck run() {
    boolean settled = heap.isReadOnly() ? isLeft() : chain.isBusy();
    try {
      chain.settle();
      FormatWord.damage(heap, chain.at + DequeLayout.FORMAT)
          .ifPresent(what -> find(chain.at + DequeLayout.FORMAT, what));
      walk();
    } catch (HeapException e) {
      find(chain.at, e.getMessage());
    }
    return new DequeCheck(elements, bytes, settled, findings);
  }

  private boolean isLeft() {
    long lock = chain.at + DequeLayout.LOCK;
    LockLook look = LockLook.at(heap, lock, chain::isBusy);
    look.damage().forEach(text -> find(lock, text));
    return look.isLeft();
  }

  private void find(long offset, String what) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(String.format(Locale.ROOT, "offset %d: %s", offset, what));
    }
  }

  private void walk() {
    for (int slot : new int[] {DequeLayout.TRASH, DequeLayout.MAKING}) {
      if (heap.getLongAcquire(chain.at + slot) != 0) {
        find(chain.at + slot, "a node is left in a slot, and nobody is at work");
      }
    }
    Set<Long> nodes = new HashSet<>();
    long last = 0;
    long position = Long.MIN_VALUE;
    for (long node = chain.first(); node != 0; node = chain.next(node)) {
      if (!nodes.add(node)) {
        find(node, "the node is there twice");
        return;
      }
      checkBlock(node);
      long found = heap.getLong(node + DequeLayout.NODE_POSITION);
      if (found <= position) {
        find(node, "its position is " + found + ", expected more than " + position);
      }
      position = found;
      long before = heap.getLong(node + DequeLayout.NODE_BEFORE);
      if (before != last) {
        find(node, before + " is said to be the node before it, expected " + last);
      }
      last = node;
      elements++;
    }
    expect(DequeLayout.LAST, last);
    expect(DequeLayout.COUNT, elements);
  }

  private void expect(int offset, long expected) {
    long found = heap.getLong(chain.at + offset);
    if (found != expected) {
      find(chain.at + offset, "found " + found + ", expected " + expected);
    }
  }

  private void checkBlock(long node) {
    int length = heap.getInt(node + DequeLayout.NODE_LENGTH);
    bytes += length;
    try {
      if (allocator.usableSize(node) < DequeLayout.NODE_CONTENT + (long) length) {
        find(node, "the block is too short for " + length + " bytes");
      }
    } catch (InvalidFreeException e) {
      find(node, "the block is not allocated");
    }
  }
}
