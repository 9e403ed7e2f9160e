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
    long greatest = isSmall() ? 8 * GIB : 64 * GIB;
    long hop = Math.min(greatest, Math.max(GIB, Long.highestOneBit(Math.max(1, span - 1)) << 1));
    long start = isSmall() ? 192 * GIB : 51 * TIB;
    long room = isSmall() ? 128 * GIB : 10 * TIB;
    long number = random.getAsLong() >>> 1;
    return new AddressScan(start + hop * (number % (room / hop)), hop, isSmall() ? 20 : 100);
  }

  /**
   * The default span: 64 GiB, or 8 GiB where addresses have 39 bits. A reservation costs no memory,
   * so it is chosen larger than the memory of most machines, and small enough that hundreds of
   * heaps fit between the places where a JVM puts things of its own.
   */
  public static long defaultSpan() {
    return isSmall() ? 8 * GIB : 64 * GIB;
  }

  /** Whether addresses have 39 bits only. */
  public static boolean isSmall() {
    return Holder.SMALL;
  }

  private static final class Holder {
    static final boolean SMALL = highestAddress() >>> SMALL_BITS == 0;

    /** The stack lies at the top of the addresses a process has. */
    private static long highestAddress() {
      long highest = 0;
      try {
        List<String> maps = ProcFile.lines("/proc/self/maps");
        for (String line : maps) {
          long end = Long.parseUnsignedLong(line, line.indexOf('-') + 1, line.indexOf(' '), 16);
          highest = end > 0 ? Math.max(highest, end) : highest;
        }
      } catch (IOException | RuntimeException e) {
        return LIMIT;
      }
      return highest;
    }
  }
}
