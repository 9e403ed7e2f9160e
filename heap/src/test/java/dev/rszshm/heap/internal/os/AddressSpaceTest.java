package dev.rszshm.heap.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.AddressScan;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What is chosen on machines with 39 and with 47 bits of addresses, whichever this one is. */
class AddressSpaceTest {
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  private static boolean fits(AddressScan scan, int candidate, long span, long limit) {
    long address =
        scan.start() + (candidate % 2 == 0 ? 1 : -1) * ((candidate + 1) / 2) * scan.hop();
    return address > 0 && address <= limit - span;
  }

  @Property(tries = 300)
  void everyCandidateLiesWithinTheAddressesOfTheMachine(
      @ForAll long random, @ForAll @LongRange(min = 1, max = 8 * GIB) long span) {
    AddressScan small = AddressSpace.spread(() -> random, span, true);
    AddressScan large = AddressSpace.spread(() -> random, span, false);
    assertTrue(small.hop() >= span && small.hop() % GIB == 0);
    assertEquals(20, small.tries());
    for (int i = 0; i < small.tries(); i++) {
      assertTrue(fits(small, i, span, 1L << 39), () -> small + " of a span of " + span);
    }
    for (int i = 0; i < large.tries(); i++) {
      assertTrue(fits(large, i, span, 1L << 47), () -> large + " of a span of " + span);
    }
    assertTrue(small.start() >= 192 * GIB && small.start() < 320 * GIB);
    assertTrue(large.start() >= 51 * TIB && large.start() < 61 * TIB);
  }

  @Test
  void theMiddleAndTheDefaultSpanFollowTheMachine() {
    assertEquals(new AddressScan(256 * GIB, 8 * GIB, 10), AddressSpace.middle(true));
    assertEquals(new AddressScan(64 * TIB, TIB, 10), AddressSpace.middle(false));
    assertEquals(8 * GIB, AddressSpace.defaultSpan(true));
    assertEquals(64 * GIB, AddressSpace.defaultSpan(false));
    for (int i = 0; i < 10; i++) {
      assertTrue(fits(AddressSpace.middle(true), i, 8 * GIB, 1L << 39));
    }
  }

  @Test
  void theStackTellsHowManyBitsThereAre() {
    String program = "5500000000-5500001000 r-xp 00000000 00:00 0 /bin/java";
    String stack39 = "7ffffde000-7ffffff000 rw-p 00000000 00:00 0 [stack]";
    String stack47 = "7ffc7a5d1000-7ffc7a5f2000 rw-p 00000000 00:00 0 [stack]";
    String vsyscall = "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]";
    assertTrue(AddressSpace.areSmall(List.of(program, stack39)));
    assertTrue(AddressSpace.areSmall(List.of(stack39, vsyscall)));
    assertFalse(AddressSpace.areSmall(List.of(program, stack39, stack47, vsyscall)));
  }
}
