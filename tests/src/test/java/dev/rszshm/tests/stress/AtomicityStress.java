package dev.rszshm.tests.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.spi.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A writer changes all bits of a value while a reader gets it. The race that is excluded: the value
 * is moved in parts, and the reader gets some of the old and some of the new one.
 *
 * <p>A result is 0 for the old value, 1 for the new one, and 2 for a mixture.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=Atomicity}
 */
public class AtomicityStress {
  private static final Memory MEMORY = Memory.host();

  private static final int INT = 16;
  private static final int SHORT = 32;
  private static final int BYTE = 48;

  private AtomicityStress() {}

  private static int seen(long value) {
    return value == 0 ? 0 : value == -1 ? 1 : 2;
  }

  @Outcome(id = "[01], [01], [01], [01]", expect = ACCEPTABLE, desc = "Old or new.")
  @Outcome(expect = FORBIDDEN, desc = "A long, an int, a short or a byte was torn.")
  static class Whole {}

  @Outcome(id = "[01], [01], [01], [01]", expect = ACCEPTABLE, desc = "Old or new.")
  @Outcome(expect = ACCEPTABLE_INTERESTING, desc = "Torn: not promised, but not expected either.")
  static class WholeOnKnownMachines {}

  /**
   * An opaque access has the whole value. So have all stronger ones, which do the same and more.
   */
  @JCStressTest
  @JCStressMeta(Whole.class)
  public static class OpaqueIsWhole {
    @Actor
    public void writer(Words words) {
      MEMORY.putLongOpaque(words.x, -1);
      MEMORY.putIntOpaque(words.x + INT, -1);
      MEMORY.putShortOpaque(words.x + SHORT, (short) -1);
      MEMORY.putByteOpaque(words.x + BYTE, (byte) -1);
    }

    @Actor
    public void reader(Words words, IIII_Result result) {
      result.r1 = seen(MEMORY.getLongOpaque(words.x));
      result.r2 = seen(MEMORY.getIntOpaque(words.x + INT));
      result.r3 = seen(MEMORY.getShortOpaque(words.x + SHORT));
      result.r4 = seen(MEMORY.getByteOpaque(words.x + BYTE));
    }
  }

  /** An aligned plain access is one instruction on 64-bit machines, though it promises nothing. */
  @JCStressTest
  @JCStressMeta(WholeOnKnownMachines.class)
  public static class AlignedPlainIsWholeOnKnownMachines {
    @Actor
    public void writer(Words words) {
      MEMORY.putLong(words.x, -1);
      MEMORY.putInt(words.x + INT, -1);
      MEMORY.putShort(words.x + SHORT, (short) -1);
      MEMORY.putByte(words.x + BYTE, (byte) -1);
    }

    @Actor
    public void reader(Words words, IIII_Result result) {
      result.r1 = seen(MEMORY.getLong(words.x));
      result.r2 = seen(MEMORY.getInt(words.x + INT));
      result.r3 = seen(MEMORY.getShort(words.x + SHORT));
      result.r4 = seen(MEMORY.getByte(words.x + BYTE));
    }
  }

  /**
   * A plain long that lies across two cache lines is seen in halves: the tests do see such things.
   */
  @JCStressTest
  @Outcome(id = "[01]", expect = ACCEPTABLE, desc = "Old or new.")
  @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "Torn, as an unaligned value may be.")
  public static class UnalignedPlainMayTear {
    private static final int ACROSS_LINES = 60;

    @Actor
    public void writer(Words words) {
      MEMORY.putLong(words.x + ACROSS_LINES, -1);
    }

    @Actor
    public void reader(Words words, I_Result result) {
      result.r1 = seen(MEMORY.getLong(words.x + ACROSS_LINES));
    }
  }
}
