package dev.rszshm.testkit.history;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A place in a search: which steps have been taken, and the state they led to. In what order they
 * were taken makes no difference to what can follow.
 */
final class Configuration {
  private final Object state;

  /** Of the set of steps, in words of 64: how many words at the beginning have all bits set. */
  private final int full;

  /** The words behind those, which is little even if the history is long. */
  private final long[] rest;

  private final int hash;

  Configuration(BitSet taken, Object state) {
    this.state = state;
    this.full = taken.nextClearBit(0) / Long.SIZE;
    this.rest =
        taken.get(full * Long.SIZE, Math.max(full * Long.SIZE, taken.length())).toLongArray();
    this.hash = (31 * Arrays.hashCode(rest) + full) * 31 + state.hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that
        && hash == that.hash
        && full == that.full
        && Arrays.equals(rest, that.rest)
        && state.equals(that.state);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
