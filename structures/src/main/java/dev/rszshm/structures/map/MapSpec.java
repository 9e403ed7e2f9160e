package dev.rszshm.structures.map;

/**
 * How a map is made. All processes name the same.
 *
 * <pre>{@code
 * MapSpec.standard().withMaximum(1_000_000)
 * }</pre>
 *
 * @param shards into how many parts its keys are divided, a power of two up to 4,096. Those who
 *     change the same part wait for one another; each takes about 1.7 KiB
 * @param maximum the most entries, 0 for any number, up to 2^55
 */
public record MapSpec(int shards, long maximum) {
  private static final int STANDARD_SHARDS = 64;
  private static final int MOST_SHARDS = 4096;
  private static final int SHARDS_MASK = 0xff;
  private static final int MAXIMUM_SHIFT = 8;
  private static final long GREATEST_MAXIMUM = 1L << 55;

  /** Checks the numbers. */
  public MapSpec {
    if (shards < 1 || shards > MOST_SHARDS || Integer.bitCount(shards) != 1) {
      throw new IllegalArgumentException(
          "found " + shards + " shards, expected a power of two from 1 to " + MOST_SHARDS);
    }
    if (maximum < 0 || maximum > GREATEST_MAXIMUM) {
      throw new IllegalArgumentException(
          "found a maximum of "
              + maximum
              + " entries, expected 0, which means none, to "
              + GREATEST_MAXIMUM);
    }
  }

  /** 64 shards, and as many entries as there is memory for. */
  public static MapSpec standard() {
    return new MapSpec(STANDARD_SHARDS, 0);
  }

  /** The same with another number of shards. */
  public MapSpec withShards(int number) {
    return new MapSpec(number, maximum);
  }

  /**
   * The same with a limit on the number of entries. Threads that insert at the same instant may
   * exceed it by their number.
   */
  public MapSpec withMaximum(long entries) {
    return new MapSpec(shards, entries);
  }

  int shardBits() {
    return Integer.numberOfTrailingZeros(shards);
  }

  /** The word of the layout that says it all; not 0. */
  long encode() {
    return maximum << MAXIMUM_SHIFT | (shardBits() + 1);
  }

  /**
   * What a word of the layout says.
   *
   * @throws IllegalArgumentException if it says nothing
   */
  static MapSpec decode(long word) {
    int bits = (int) (word & SHARDS_MASK) - 1;
    if (bits < 0 || bits > Integer.numberOfTrailingZeros(MOST_SHARDS)) {
      throw new IllegalArgumentException("found 2^" + bits + " shards, expected 1 to 4096");
    }
    return new MapSpec(1 << bits, word >>> MAXIMUM_SHIFT);
  }
}
