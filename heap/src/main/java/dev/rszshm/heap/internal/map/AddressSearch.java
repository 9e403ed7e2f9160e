package dev.rszshm.heap.internal.map;

import dev.rszshm.heap.AddressScan;
import dev.rszshm.heap.errors.AddressTakenException;
import dev.rszshm.heap.errors.NoAddressException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.internal.os.AddressSpace;
import dev.rszshm.heap.internal.os.ProcFile;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Reserves the span of a heap, without ever touching what is mapped already: the kernel refuses an
 * address of which any page is in use.
 */
public final class AddressSearch {
  /** Threads that may still be between a check and an access have so long to go on. */
  private static final long RETIRED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final String LIMIT_ADVICE =
      "Raise the limit of its address space (ulimit -v) or of its mappings (vm.max_map_count), or"
          + " use a heap with a smaller span";

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private AddressSearch() {}

  /**
   * Reserves a span at the first candidate that is free.
   *
   * @throws NoAddressException if none is
   * @throws IllegalArgumentException if the scan is not one of whole pages
   */
  public static long search(SystemCalls calls, AddressScan scan, long span) {
    requirePages(scan, calls.pageSize());
    SystemCallException last = null;
    for (int i = 0; i < scan.tries(); i++) {
      long candidate = candidate(scan, i);
      if (candidate <= 0 || span > AddressSpace.LIMIT - candidate) {
        continue;
      }
      try {
        if (reserveExactly(calls, candidate, span)) {
          return candidate;
        }
      } catch (SystemCallException e) {
        last = e;
      }
    }
    throw new NoAddressException(
        String.format(
            Locale.ROOT,
            "no address for a span of %d bytes: none of %d candidates from 0x%x, each 0x%x apart,"
                + " is free%s. %s",
            span,
            scan.tries(),
            scan.start(),
            scan.hop(),
            last == null ? "" : " (the last answer was: " + last.getMessage() + ")",
            last != null && isLimit(last)
                ? LIMIT_ADVICE
                : "Choose a smaller span or another address scan"));
  }

  private static void requirePages(AddressScan scan, int page) {
    if (scan.start() % page != 0 || scan.hop() % page != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "an address scan starts and hops at multiples of the page size %d, found start 0x%x"
                  + " and hop 0x%x",
              page,
              scan.start(),
              scan.hop()));
    }
  }

  /**
   * Reserves a span at the one address it must have.
   *
   * @throws AddressTakenException saying what is there, if it is not free
   */
  public static void reserve(SystemCalls calls, String path, long address, long span) {
    long start = calls.nanoTime();
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      boolean retired = RetiredSpans.release(address, span);
      SystemCallException failure = null;
      try {
        if (reserveExactly(calls, address, span)) {
          return;
        }
      } catch (SystemCallException e) {
        failure = e;
      }
      if (failure != null && isLimit(failure)) {
        NoAddressException limited =
            new NoAddressException(
                String.format(
                    Locale.ROOT,
                    "%s must be mapped at 0x%x-0x%x, and this process may not reserve so many"
                        + " addresses (%s). %s",
                    path,
                    address,
                    address + span,
                    failure.getMessage(),
                    LIMIT_ADVICE));
        limited.initCause(failure);
        throw limited;
      }
      if (!retired || calls.nanoTime() - start > RETIRED_NANOS) {
        String found =
            retired
                ? "a heap that was closed while a buffer over it or a thread in it is still in use"
                : whatIsAt(address, span);
        throw new AddressTakenException(
            String.format(
                Locale.ROOT,
                "%s must be mapped at 0x%x-0x%x, where this process has %s%s. Attach earlier, move"
                    + " what is there, or attach at any address",
                path,
                address,
                address + span,
                found,
                failure == null ? "" : " (" + failure.getMessage() + ")"));
      }
      calls.pause(pause);
      pause = Math.min(pause * 2, LAST_PAUSE_NANOS);
    }
  }

  /** The kernel refuses a reservation for want of memory only where a limit is set. */
  private static boolean isLimit(SystemCallException failure) {
    return failure.errno() == Errno.ENOMEM;
  }

  private static boolean reserveExactly(SystemCalls calls, long address, long span) {
    long reserved = calls.reserve(address, span);
    if (reserved != address) {
      calls.unmap(reserved, span);
    }
    return reserved == address;
  }

  /** Names the first mapping of this process that lies in a range. */
  private static String whatIsAt(long address, long span) {
    try {
      for (String line : ProcFile.lines("/proc/self/maps")) {
        int dash = line.indexOf('-');
        int space = line.indexOf(' ');
        long from = Long.parseUnsignedLong(line, 0, dash, 16);
        long to = Long.parseUnsignedLong(line, dash + 1, space, 16);
        if (from < address + span && to > address) {
          String[] fields = line.split(" +", 6);
          String name = fields.length > 5 && !fields[5].isBlank() ? fields[5] : "unnamed memory";
          return String.format(Locale.ROOT, "%s at 0x%x-0x%x", name, from, to);
        }
      }
    } catch (IOException | RuntimeException e) {
      return "something";
    }
    return "a mapping that it cannot see";
  }

  /** The candidate of an index; it may lie outside the address space. */
  static long candidate(AddressScan scan, int index) {
    long distance = (index + 1L) / 2 * scan.hop();
    return index % 2 == 0 ? scan.start() + distance : scan.start() - distance;
  }
}
