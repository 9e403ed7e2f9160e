package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.bitset.SharedBitSet;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Sets of bits, as ranges of those that are set. */
final class BitSetKind extends StructureKind<SharedBitSet> {
  BitSetKind() {
    super(64);
  }

  @Override
  SharedBitSet open(Root root, long place) {
    return SharedBitSet.at(root.allocator(), place);
  }

  @Override
  Description describe(Root root, SharedBitSet bits) {
    long set = bits.cardinality();
    long length = bits.length();
    return new Description(
        "bit set",
        "bit set with " + set + " of " + count(length, "bit") + " set",
        Json.object("set", set, "length", length));
  }

  @Override
  Verdict look(SharedBitSet bits) {
    return new Verdict(bits.check().findings(), false);
  }

  @Override
  public void remove(Root root) {
    SharedBitSet.remove(root.allocator(), root.name());
  }

  @Override
  void dump(Root root, SharedBitSet bits, PrintStream out, int most) {
    print(new Ranges(bits), out, most, range -> range);
  }

  /** The ranges of bits that are set, in ascending order. */
  private static final class Ranges implements Iterator<String> {
    private final SharedBitSet bits;
    private long first;

    Ranges(SharedBitSet bits) {
      this.bits = bits;
      this.first = from(0);
    }

    private long from(long index) {
      return index > SharedBitSet.MAX_INDEX ? -1 : bits.nextSetBit(index).orElse(-1);
    }

    @Override
    public boolean hasNext() {
      return first >= 0;
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more bits are set");
      }
      long begin = first;
      // If it was cleared meanwhile, it is a range of its own, so that this comes to an end.
      long end = Math.max(begin + 1, bits.nextClearBit(begin).orElse(SharedBitSet.MAX_INDEX + 1));
      first = from(end);
      return end == begin + 1 ? Long.toString(begin) : begin + " to " + (end - 1);
    }
  }

  @Override
  public Optional<Values> values(Root root) {
    SharedBitSet bits = open(root);
    return Optional.of(
        new IndexedValues(
            "bit set",
            () -> SharedBitSet.MAX_INDEX + 1,
            index -> Boolean.toString(bits.get(index)),
            (index, value) -> bits.set(index, ElementText.truth(value))));
  }
}
