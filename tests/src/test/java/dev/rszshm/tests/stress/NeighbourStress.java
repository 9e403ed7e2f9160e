package dev.rszshm.tests.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.spi.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads change values that lie side by side in one word of the machine. The race that is
 * excluded: an access writes more than its own bytes, and undoes what the other thread has put.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=Neighbour}
 */
public class NeighbourStress {
  private static final Memory MEMORY = Memory.host();

  private NeighbourStress() {}

  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Both values are there.")
  @Outcome(expect = FORBIDDEN, desc = "A put has undone its neighbour's.")
  static class Untouched {}

  /** A plain put of a byte leaves the byte beside it alone. */
  @JCStressTest
  @JCStressMeta(Untouched.class)
  public static class BytesSideBySide {
    @Actor
    public void first(Words words) {
      MEMORY.putByte(words.x, (byte) 1);
    }

    @Actor
    public void second(Words words) {
      MEMORY.putByte(words.x + Byte.BYTES, (byte) 2);
    }

    @Arbiter
    public void both(Words words, II_Result result) {
      result.r1 = MEMORY.getByte(words.x);
      result.r2 = MEMORY.getByte(words.x + Byte.BYTES);
    }
  }

  /** An atomic change of an int leaves the other half of the aligned long alone. */
  @JCStressTest
  @JCStressMeta(Untouched.class)
  public static class IntBesideAnAtomicInt {
    @Actor
    public void first(Words words) {
      MEMORY.getAndAddInt(words.x, 1);
    }

    @Actor
    public void second(Words words) {
      MEMORY.putInt(words.x + Integer.BYTES, 2);
    }

    @Arbiter
    public void both(Words words, II_Result result) {
      result.r1 = MEMORY.getInt(words.x);
      result.r2 = MEMORY.getInt(words.x + Integer.BYTES);
    }
  }
}
