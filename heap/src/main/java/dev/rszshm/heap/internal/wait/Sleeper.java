package dev.rszshm.heap.internal.wait;

/**
 * A platform thread that has slept for a whole slice on some words, and what it found there. The
 * thread itself and the watcher look at it; see {@link WaitingRoom} for the protocol.
 */
final class Sleeper {
  private static final long[] NO_ADDRESSES = {};
  private static final int[] NO_VALUES = {};

  final Thread thread;

  /** The departures that had been noticed before the thread last looked at anything. */
  final long departures;

  /** The first word is here, and not behind a reference: a thousand are looked at in a row. */
  private final long firstAddress;

  private final int firstValue;
  private final long[] moreAddresses;
  private final int[] moreValues;

  /** Whether the thread is asleep, or so near to it that a wake-up may come too early. */
  volatile boolean asleep;

  /** How many looks of the watcher in a row have found it awake; only the watcher counts. */
  int looksAwake;

  Sleeper(Thread thread, long[] addresses, int[] values, long departures) {
    this.thread = thread;
    this.departures = departures;
    this.firstAddress = addresses[0];
    this.firstValue = values[0];
    this.moreAddresses = addresses.length == 1 ? NO_ADDRESSES : addresses.clone();
    this.moreValues = addresses.length == 1 ? NO_VALUES : values.clone();
  }

  /** Whether these are the words and values that it has slept on. */
  boolean sleptOn(long[] addresses, int[] values) {
    boolean same = addresses.length == words();
    for (int i = 0; i < addresses.length && same; i++) {
      same = address(i) == addresses[i] && value(i) == values[i];
    }
    return same;
  }

  /** Whether this is the one word that it has slept on. */
  boolean sleptOn(long address, int value) {
    return words() == 1 && firstAddress == address && firstValue == value;
  }

  int words() {
    return Math.max(1, moreAddresses.length);
  }

  long address(int index) {
    return index == 0 ? firstAddress : moreAddresses[index];
  }

  int value(int index) {
    return index == 0 ? firstValue : moreValues[index];
  }
}
