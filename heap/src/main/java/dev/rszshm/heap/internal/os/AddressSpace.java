package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.AddressScan;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/** The addresses that a process of this machine has, and which of them heaps take by default. */
public final class AddressSpace {
  /** No candidate reaches beyond this address: half of what a process has on every machine. */
  public static final long LIMIT = 1L << 47;

  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;
  private static final int SMALL_BITS = 39;

  private AddressSpace() {}

  /**
   * The scan that {@link AddressScan#spread()} describes, for a span: candidates lie as far apart
   * as the span is long, at least 1 GiB, so that thousands of small heaps find a place in one
   * process.
   *
   * @param random a source of random numbers
   */
  public static AddressScan spread(LongSupplier random, long span) {
    return spread(random, span, isSmall());
  }

  static AddressScan spread(LongSupplier random, long span, boolean small) {
    long greatest = defaultSpan(small);
    long hop = Math.min(greatest, Math.max(GIB, Long.highestOneBit(Math.max(1, span - 1)) << 1));
    long start = small ? 192 * GIB : 51 * TIB;
    long room = small ? 128 * GIB : 10 * TIB;
    long number = random.getAsLong() >>> 1;
    return new AddressScan(start + hop * (number % (room / hop)), hop, small ? 20 : 100);
  }

  /**
   * The default span: 64 GiB, or 8 GiB where addresses have 39 bits. A reservation costs no memory,
   * so it is chosen larger than the memory of most machines, and small enough that hundreds of
   * heaps fit between the places where a JVM puts things of its own.
   */
  public static long defaultSpan() {
    return defaultSpan(isSmall());
  }

  static long defaultSpan(boolean small) {
    return small ? 8 * GIB : 64 * GIB;
  }

  /** The scan that {@link AddressScan#middle()} describes. */
  public static AddressScan middle() {
    return middle(isSmall());
  }

  static AddressScan middle(boolean small) {
    return small ? new AddressScan(256 * GIB, 8 * GIB, 10) : new AddressScan(64 * TIB, TIB, 10);
  }

  /** Whether addresses have 39 bits only. */
  public static boolean isSmall() {
    return Holder.SMALL;
  }

  private static final class Holder {
    static final boolean SMALL = hasSmallAddresses();

    private static boolean hasSmallAddresses() {
      try {
        return areSmall(ProcFile.lines("/proc/self/maps"));
      } catch (IOException | RuntimeException e) {
        return false;
      }
    }
  }

  /** Whether a process with these mappings has 39 bits: its stack lies at the top. */
  static boolean areSmall(List<String> maps) {
    long highest = 0;
    for (String line : maps) {
      long end = Long.parseUnsignedLong(line, line.indexOf('-') + 1, line.indexOf(' '), 16);
      highest = end > 0 ? Math.max(highest, end) : highest;
    }
    return highest >>> SMALL_BITS == 0;
  }
}
