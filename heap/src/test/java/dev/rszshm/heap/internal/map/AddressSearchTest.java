package dev.rszshm.heap.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.AddressScan;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.ProcSelf;
import dev.rszshm.heap.errors.AlreadyAttachedException;
import dev.rszshm.heap.errors.NoAddressException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.FaultySystemCalls.Call;
import dev.rszshm.heap.internal.os.AddressSpace;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSearchTest {
  private static final long SPAN = 1 << 20;
  private static final long START = 0x3210_0000_0000L;
  private static final long HOP = 1L << 32;

  private static List<Long> addresses(List<Call> reservations) {
    return reservations.stream().map(c -> c.number(0)).toList();
  }

  private static long search(FaultySystemCalls faults, AddressScan scan) {
    return AddressSearch.search(faults.faulty(), scan, SPAN);
  }

  @Test
  void candidatesSpiralOutFromTheStart() {
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.fail("reserve", FaultySystemCalls.EVERY, Errno.EEXIST);
    assertThrows(NoAddressException.class, () -> search(faults, new AddressScan(START, HOP, 7)));
    assertEquals(
        Stream.of(0, -1, 1, -2, 2, -3, 3).map(i -> START + i * HOP).toList(),
        addresses(faults.calls("reserve")));
  }

  /** Seeds 1.3, number 14: whatever is wrong with a candidate, the next one may do. */
  @ParameterizedTest
  @ValueSource(ints = {Errno.EEXIST, Errno.EINVAL, Errno.ENOMEM, Errno.EPERM, 5})
  void candidateThatFailsIsSkipped(int errno) {
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.fail("reserve", 1, errno).fail("reserve", 2, errno);
    assertEquals(START + HOP, search(faults, new AddressScan(START, HOP, 3)));
    SystemCalls.host().unmap(START + HOP, SPAN);
  }

  /** Number 13: kernels before 4.17 take the address for a hint. */
  @Test
  void kernelThatIgnoresTheWishIsAskedForTheNextCandidate() {
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.instead(
        "reserve", 1, (call, arguments) -> call.with(START + 64 * HOP, (long) arguments[1]));
    assertEquals(START - HOP, search(faults, new AddressScan(START, HOP, 3)));
    SystemCalls.host().unmap(START - HOP, SPAN);
    assertEquals(List.of(), ProcSelf.mappingsIn(START + 64 * HOP, SPAN), "given back");
    assertEquals(1, faults.calls("unmap").size());
  }

  @Test
  void whatIsMappedIsNeverReplaced() {
    SystemCalls host = SystemCalls.host();
    host.reserve(START, 4096);
    try {
      assertEquals(START - HOP, search(new FaultySystemCalls(), new AddressScan(START, HOP, 2)));
      host.unmap(START - HOP, SPAN);
      assertEquals(4096, lengthOf(ProcSelf.mappingsIn(START, SPAN)));
      NoAddressException thrown =
          assertThrows(
              NoAddressException.class,
              () -> search(new FaultySystemCalls(), new AddressScan(START, HOP, 1)));
      assertTrue(thrown.getMessage().contains("EEXIST"), thrown.getMessage());
    } finally {
      host.unmap(START, 4096);
    }
  }

  private static long lengthOf(List<String> mappings) {
    String[] ends = mappings.get(0).split("[- ]", -1);
    return Long.parseLong(ends[1], 16) - Long.parseLong(ends[0], 16);
  }

  @Test
  void candidatesOutsideTheAddressesOfUsersAreSkipped() {
    FaultySystemCalls faults = new FaultySystemCalls();
    long nearTheEnd = AddressSpace.LIMIT - SPAN;
    AddressScan scan = new AddressScan(nearTheEnd, AddressSpace.LIMIT / 2, 5);
    faults.fail("reserve", FaultySystemCalls.EVERY, Errno.ENOMEM);
    assertThrows(NoAddressException.class, () -> search(faults, scan));
    assertEquals(
        List.of(nearTheEnd, nearTheEnd - AddressSpace.LIMIT / 2),
        addresses(faults.calls("reserve")));
    assertThrows(
        NoAddressException.class, () -> AddressSearch.search(SystemCalls.host(), scan, 1L << 62));
  }

  /** Number 13: a scan that can never match is an error of the caller. */
  @Test
  void scanThatIsNotOfWholePagesIsRefused(@TempDir Path directory) {
    for (AddressScan scan :
        List.of(new AddressScan(START + 1, HOP, 3), new AddressScan(START, HOP + 8, 3))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Heap.builder().span(SPAN).scan(scan).create(directory.resolve("heap")));
      assertEquals(0, directory.toFile().list().length);
      try (Heap heap = Heap.builder().span(SPAN).createAnonymous()) {
        assertThrows(
            IllegalArgumentException.class,
            () -> Heap.builder().anyAddress().scan(scan).attach(heap.path()));
        assertThrows(AlreadyAttachedException.class, () -> Heap.attach(heap.path()));
      }
    }
  }

  @Test
  void parametersMustBePositive() {
    for (long bad : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> new AddressScan(bad, HOP, 1));
      assertThrows(IllegalArgumentException.class, () -> new AddressScan(START, bad, 1));
      assertThrows(IllegalArgumentException.class, () -> new AddressScan(START, HOP, (int) bad));
    }
  }

  @Test
  void heapTakesTheAddressTheScanNames() {
    AddressScan scan = new AddressScan(START, HOP, 4);
    try (Heap one = Heap.builder().span(SPAN).scan(scan).createAnonymous();
        Heap two = Heap.builder().span(SPAN).scan(scan).createAnonymous();
        Heap three = Heap.builder().span(SPAN).scan(scan).createAnonymous()) {
      assertEquals(
          List.of(START, START - HOP, START + HOP), List.of(one.base(), two.base(), three.base()));
    }
  }

  @Property(tries = 200)
  void candidatesAreWholeHopsAwayAndAlternate(
      @ForAll @LongRange(min = 1, max = 1L << 46) long start,
      @ForAll @LongRange(min = 1, max = 1L << 40) long hop,
      @ForAll @IntRange(max = 1000) int index) {
    AddressScan scan = new AddressScan(start, hop, 1001);
    assertEquals(start, AddressSearch.candidate(scan, 0));
    assertEquals(
        (index + 1) / 2 * hop,
        Math.abs(AddressSearch.candidate(scan, index) - start),
        "each distance twice");
    if (index > 0) {
      assertEquals(index % 2 == 0, AddressSearch.candidate(scan, index) > start, "below first");
    }
  }

  /** Collectors and programs have what lies below 48 and from 64 TiB on, on some JVMs. */
  @RepeatedTest(200)
  void spreadScansBeginWhereNobodyElsePutsAnything() {
    AddressScan spread = AddressScan.spread();
    assertEquals(0, spread.start() % 4096);
    assumeTrue(AddressSpace.defaultSpan() == 64L << 30, "addresses have 39 bits here");
    for (int i = 0; i < 40; i++) {
      long candidate = AddressSearch.candidate(spread, i);
      assertTrue(candidate >= 48L << 40, "candidate " + i);
      assertTrue(candidate + AddressSpace.defaultSpan() <= 64L << 40, "candidate " + i);
    }
  }
}
