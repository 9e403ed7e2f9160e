package dev.rszshm.structures.sorted;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.internal.codec.MapCodecs;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.structures.map.errors.DamagedMapException;

/** What all who work on a sorted map have in common: where it is, and what can be in it. */
final class SortedTable {
  final Allocator allocator;
  final Heap heap;
  final long at;
  final int nodeLength;
  final MapCodecs<?, ?> codecs;
  final long seed;
  private final long firstBlock;
  private final Presence presence;
  private volatile boolean closed;

  /** Whether this is the one that removes the map. */
  private volatile boolean removes;

  SortedTable(Allocator allocator, long at, int nodeLength, MapCodecs<?, ?> codecs) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    this.nodeLength = nodeLength;
    this.codecs = codecs;
    this.seed = heap.getLong(at + SortedMapLayout.SEED);
    this.firstBlock = heap.dataOffset();
    this.presence =
        new Presence(heap, at + SortedMapLayout.MAGIC, SortedMapLayout.MAGIC_VALUE, this);
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(this + " is closed");
    }
  }

  void close() {
    closed = true;
  }

  /** Makes sure that nobody has removed the map. */
  void requireThere() {
    if (!removes) {
      presence.require();
    }
  }

  /** Says that the map is none any more, but for this object, which frees what it has. */
  void remove() {
    removes = true;
    presence.end();
  }

  long count() {
    requireThere();
    return Math.max(0, heap.getLongAcquire(at + SortedMapLayout.COUNT));
  }

  /** Whether so many bytes can be at an offset, which then are mapped. */
  boolean isWithin(long offset, long length) {
    if (offset < firstBlock || (offset & Long.BYTES - 1) != 0 || length < 0) {
      return false;
    }
    return offset <= heap.mappedLength() - length || offset <= heap.catchUp() - length;
  }

  /** The block of a reference that was found at a place, with so many bytes. */
  long requireBlock(long place, long word, long length) {
    long block = SortedMapLayout.block(word);
    if (!SortedMapLayout.isReference(word) || !isWithin(block, length)) {
      throw damaged(place, word, "the reference of a block of " + length + " bytes");
    }
    return block;
  }

  /** A copy of the node that a place refers to; its height must be this one, if that is not -1. */
  Node node(long place, long word, int height) {
    long block = requireBlock(place, word, nodeLength);
    Node node = new Node(heap.getBytes(block, nodeLength));
    String wrong = node.findWrong();
    if (wrong == null && height >= 0 && node.height != height) {
      wrong = "height " + node.height + ", expected " + height;
    }
    if (wrong != null) {
      throw damaged(block, heap.getLongAcquire(block), "a node, but found one with " + wrong);
    }
    return node;
  }

  DamagedMapException damaged(long place, long found, String expected) {
    return new DamagedMapException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return SortedMapCreation.name(allocator, at).toString();
  }
}
