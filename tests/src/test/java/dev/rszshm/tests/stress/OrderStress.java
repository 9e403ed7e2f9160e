package dev.rszshm.tests.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.spi.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * What several readers, or one reader twice, may see. The races that are excluded: a word goes back
 * to an older value; two readers disagree about which of two puts came first; a fence is passed.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=Order}
 */
public class OrderStress {
  private static final Memory MEMORY = Memory.host();

  private OrderStress() {}

  /** Two opaque gets of one int never see it go back. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Twice the old value.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The old value, then the new one.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Twice the new value.")
  @Outcome(expect = FORBIDDEN, desc = "The new value, and then the old one again.")
  public static class AnOpaqueIntNeverGoesBack {
    @Actor
    public void writer(Words words) {
      MEMORY.putIntOpaque(words.x, 1);
    }

    @Actor
    public void reader(Words words, II_Result seen) {
      seen.r1 = MEMORY.getIntOpaque(words.x);
      seen.r2 = MEMORY.getIntOpaque(words.x);
    }
  }

  /** Two opaque gets of one long never see it go back, also where it was put twice. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "1, 1", "2, 2"},
      expect = ACCEPTABLE,
      desc = "Twice the same value.")
  @Outcome(
      id = {"0, 1", "0, 2", "1, 2"},
      expect = ACCEPTABLE,
      desc = "A value, then a later one.")
  @Outcome(expect = FORBIDDEN, desc = "A value, and then an earlier one again.")
  public static class AnOpaqueLongNeverGoesBack {
    @Actor
    public void writer(Words words) {
      MEMORY.putLongOpaque(words.x, 1);
      MEMORY.putLongOpaque(words.x, 2);
    }

    @Actor
    public void reader(Words words, JJ_Result seen) {
      seen.r1 = MEMORY.getLongOpaque(words.x);
      seen.r2 = MEMORY.getLongOpaque(words.x);
    }
  }

  /** A release fence and an acquire fence publish between opaque accesses. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came before both puts.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The reader came between the puts.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The reader saw the flag and the data.")
  @Outcome(expect = FORBIDDEN, desc = "The reader saw the flag, but not the data put before it.")
  public static class FencesPublish {
    @Actor
    public void writer(Words words) {
      MEMORY.putIntOpaque(words.x, 1);
      MEMORY.releaseFence();
      MEMORY.putIntOpaque(words.y, 1);
    }

    @Actor
    public void reader(Words words, II_Result seen) {
      seen.r1 = MEMORY.getIntOpaque(words.y);
      MEMORY.acquireFence();
      seen.r2 = MEMORY.getIntOpaque(words.x);
    }
  }

  /**
   * Two readers agree about which of two independent volatile puts came first. Has four actors, and
   * runs only where there are four processors.
   */
  @JCStressTest
  @Outcome(
      id = "1, 0, 1, 0",
      expect = FORBIDDEN,
      desc = "One reader saw x put before y, the other saw y put before x.")
  @Outcome(expect = ACCEPTABLE, desc = "The readers agree, or saw too little to differ.")
  public static class ReadersAgreeAboutVolatilePuts {
    @Actor
    public void putX(Words words) {
      MEMORY.putLongVolatile(words.x, 1);
    }

    @Actor
    public void putY(Words words) {
      MEMORY.putLongVolatile(words.y, 1);
    }

    @Actor
    public void getXThenY(Words words, IIII_Result seen) {
      seen.r1 = (int) MEMORY.getLongVolatile(words.x);
      seen.r2 = (int) MEMORY.getLongVolatile(words.y);
    }

    @Actor
    public void getYThenX(Words words, IIII_Result seen) {
      seen.r3 = (int) MEMORY.getLongVolatile(words.y);
      seen.r4 = (int) MEMORY.getLongVolatile(words.x);
    }
  }
}
