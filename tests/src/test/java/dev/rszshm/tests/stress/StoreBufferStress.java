package dev.rszshm.tests.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.spi.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Each of two threads puts its own word and then gets the other's, as in Dekker's mutual exclusion.
 * The race that is excluded: each thread gets before its own put has left the processor's store
 * buffer, so that neither sees the other.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=StoreBuffer}
 */
public class StoreBufferStress {
  private static final Memory MEMORY = Memory.host();

  private StoreBufferStress() {}

  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The first thread came first.")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The second thread came first.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both put before either got.")
  @Outcome(expect = FORBIDDEN, desc = "Neither thread saw what the other had put.")
  static class OneSeesTheOther {}

  /** Volatile puts and gets of ints have one order that all agree on. */
  @JCStressTest
  @JCStressMeta(OneSeesTheOther.class)
  public static class VolatileInts {
    @Actor
    public void first(Words words, II_Result seen) {
      MEMORY.putIntVolatile(words.x, 1);
      seen.r1 = MEMORY.getIntVolatile(words.y);
    }

    @Actor
    public void second(Words words, II_Result seen) {
      MEMORY.putIntVolatile(words.y, 1);
      seen.r2 = MEMORY.getIntVolatile(words.x);
    }
  }

  /** Volatile puts and gets of longs have one order that all agree on. */
  @JCStressTest
  @JCStressMeta(OneSeesTheOther.class)
  public static class VolatileLongs {
    @Actor
    public void first(Words words, JJ_Result seen) {
      MEMORY.putLongVolatile(words.x, 1);
      seen.r1 = MEMORY.getLongVolatile(words.y);
    }

    @Actor
    public void second(Words words, JJ_Result seen) {
      MEMORY.putLongVolatile(words.y, 1);
      seen.r2 = MEMORY.getLongVolatile(words.x);
    }
  }

  /** Volatile puts and gets of a byte and a short have one order that all agree on. */
  @JCStressTest
  @JCStressMeta(OneSeesTheOther.class)
  public static class VolatileByteAndShort {
    @Actor
    public void first(Words words, II_Result seen) {
      MEMORY.putByteVolatile(words.x, (byte) 1);
      seen.r1 = MEMORY.getShortVolatile(words.y);
    }

    @Actor
    public void second(Words words, II_Result seen) {
      MEMORY.putShortVolatile(words.y, (short) 1);
      seen.r2 = MEMORY.getByteVolatile(words.x);
    }
  }

  /** Atomic changes are in that order, too. */
  @JCStressTest
  @JCStressMeta(OneSeesTheOther.class)
  public static class AtomicChanges {
    @Actor
    public void first(Words words, II_Result seen) {
      MEMORY.getAndAddInt(words.x, 1);
      seen.r1 = MEMORY.getIntVolatile(words.y);
    }

    @Actor
    public void second(Words words, II_Result seen) {
      MEMORY.compareAndSetInt(words.y, 0, 1);
      seen.r2 = MEMORY.getIntVolatile(words.x);
    }
  }

  /** A full fence between opaque accesses does what volatile does. */
  @JCStressTest
  @JCStressMeta(OneSeesTheOther.class)
  public static class FullFences {
    @Actor
    public void first(Words words, II_Result seen) {
      MEMORY.putIntOpaque(words.x, 1);
      MEMORY.fullFence();
      seen.r1 = MEMORY.getIntOpaque(words.y);
    }

    @Actor
    public void second(Words words, II_Result seen) {
      MEMORY.putIntOpaque(words.y, 1);
      MEMORY.fullFence();
      seen.r2 = MEMORY.getIntOpaque(words.x);
    }
  }

  /** Release and acquire do not suffice: a get may overtake a put. It does on x86-64. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The first thread came first.")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The second thread came first.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both put before either got.")
  @Outcome(
      id = "0, 0",
      expect = ACCEPTABLE_INTERESTING,
      desc = "Neither thread saw what the other had put: both gets overtook the puts.")
  @Outcome(expect = FORBIDDEN, desc = "A value that nobody has put.")
  public static class ReleaseAcquireDoesNotSuffice {
    @Actor
    public void first(Words words, JJ_Result seen) {
      MEMORY.putLongRelease(words.x, 1);
      seen.r1 = MEMORY.getLongAcquire(words.y);
    }

    @Actor
    public void second(Words words, JJ_Result seen) {
      MEMORY.putLongRelease(words.y, 1);
      seen.r2 = MEMORY.getLongAcquire(words.x);
    }
  }
}
