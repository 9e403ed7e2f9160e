package dev.rszshm.heap;

import dev.rszshm.heap.internal.os.AddressSpace;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where to look for the address of a new heap: candidates spiral out from a start, alternately
 * below and above it ({@code start}, {@code start - hop}, {@code start + hop}, {@code start - 2
 * hop}, …), as in ccan's rszshm. The middle of the address space is where neither the Java heap nor
 * libraries, stacks and programs are placed, in this process or in any that attaches later.
 *
 * @param start first candidate, in bytes; a multiple of the page size
 * @param hop distance between candidates, in bytes; a multiple of the page size
 * @param tries number of candidates
 */
public record AddressScan(long start, long hop, int tries) {
  /**
   * Makes a scan.
   *
   * @throws IllegalArgumentException if a parameter is not positive
   */
  public AddressScan {
    if (start <= 0 || hop <= 0 || tries <= 0) {
      throw new IllegalArgumentException(
          "an address scan needs a positive start, hop and number of tries, found start "
              + start
              + ", hop "
              + hop
              + ", tries "
              + tries);
    }
  }

  /**
   * Returns the scan of ccan's rszshm: from the middle of the address space, ten tries. On x86-64
   * and arm64 that is 64 TiB with a hop of 1 TiB; on a machine with 39-bit addresses 256 GiB with a
   * hop of 8 GiB. Every process that uses it takes the same address first; a JVM up to JDK 23 with
   * ZGC and a Java heap of more than 512 GiB has something of its own there.
   */
  public static AddressScan middle() {
    return AddressSpace.middle();
  }

  /**
   * Returns the default scan: a hundred tries from a random start, in a range that no other
   * software uses. Heaps that are made independently then seldom have the same address, so one
   * process can attach to many of them. Candidates lie as far apart as the span of the heap is
   * long, at least 1 GiB and at most 64 GiB.
   *
   * <p>On x86-64 and arm64 it starts between 51 and 61 TiB. The older ZGC (up to JDK 23) keeps
   * views of a Java heap of more than 512 GiB at 16 to 48 and at 64 to 80 TiB; programs are loaded
   * from 85 TiB on; libraries, stacks and the largest Java heaps come down from 128 TiB.
   */
  public static AddressScan spread() {
    return AddressSpace.spread(ThreadLocalRandom.current()::nextLong, AddressSpace.defaultSpan());
  }
}
