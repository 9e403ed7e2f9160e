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
 * A writer puts data and then a flag; a reader gets the flag and then the data. The race that is
 * excluded: the reader finds the flag, but not the data that were put before it, because the writer
 * put them later or the reader got them earlier than it is written.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=Publication}
 */
public class PublicationStress {
  private static final Memory MEMORY = Memory.host();

  private PublicationStress() {}

  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came before both puts.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The reader came between the puts.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The reader saw the flag and the data.")
  @Outcome(expect = FORBIDDEN, desc = "The reader saw the flag, but not the data put before it.")
  static class Published {}

  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came before both puts.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The reader came between the puts.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The reader saw the flag and the data.")
  @Outcome(
      id = "1, 0",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The reader saw the flag, but not the data: this order publishes nothing.")
  @Outcome(expect = FORBIDDEN, desc = "A value that nobody has put.")
  static class NotPublished {}

  /** A release put and an acquire get publish, among ints. */
  @JCStressTest
  @JCStressMeta(Published.class)
  public static class ReleaseAcquireOfInts {
    @Actor
    public void writer(Words words) {
      MEMORY.putInt(words.x, 1);
      MEMORY.putIntRelease(words.y, 1);
    }

    @Actor
    public void reader(Words words, II_Result seen) {
      seen.r1 = MEMORY.getIntAcquire(words.y);
      seen.r2 = MEMORY.getInt(words.x);
    }
  }

  /** A release put and an acquire get publish, among longs. */
  @JCStressTest
  @JCStressMeta(Published.class)
  public static class ReleaseAcquireOfLongs {
    @Actor
    public void writer(Words words) {
      MEMORY.putLong(words.x, 1);
      MEMORY.putLongRelease(words.y, 1);
    }

    @Actor
    public void reader(Words words, JJ_Result seen) {
      seen.r1 = MEMORY.getLongAcquire(words.y);
      seen.r2 = MEMORY.getLong(words.x);
    }
  }

  /** A byte publishes a short; the narrow accesses have code of their own. */
  @JCStressTest
  @JCStressMeta(Published.class)
  public static class ReleaseAcquireOfAByteForAShort {
    @Actor
    public void writer(Words words) {
      MEMORY.putShort(words.x, (short) 1);
      MEMORY.putByteRelease(words.y, (byte) 1);
    }

    @Actor
    public void reader(Words words, II_Result seen) {
      seen.r1 = MEMORY.getByteAcquire(words.y);
      seen.r2 = MEMORY.getShort(words.x);
    }
  }

  /** A compareAndSet that succeeds publishes as a release put does. */
  @JCStressTest
  @JCStressMeta(Published.class)
  public static class CompareAndSetPublishes {
    @Actor
    public void writer(Words words) {
      MEMORY.putLong(words.x, 1);
      MEMORY.compareAndSetLong(words.y, 0, 1);
    }

    @Actor
    public void reader(Words words, JJ_Result seen) {
      seen.r1 = MEMORY.getLongAcquire(words.y);
      seen.r2 = MEMORY.getLong(words.x);
    }
  }

  /** A getAndAdd publishes, and one that adds nothing acquires. */
  @JCStressTest
  @JCStressMeta(Published.class)
  public static class GetAndAddPublishesAndAcquires {
    @Actor
    public void writer(Words words) {
      MEMORY.putInt(words.x, 1);
      MEMORY.getAndAddInt(words.y, 1);
    }

    @Actor
    public void reader(Words words, II_Result seen) {
      seen.r1 = MEMORY.getAndAddInt(words.y, 0);
      seen.r2 = MEMORY.getInt(words.x);
    }
  }

  /** A compareAndExchange that fails acquires all the same. */
  @JCStressTest
  @JCStressMeta(Published.class)
  public static class FailedCompareAndExchangeAcquires {
    @Actor
    public void writer(Words words) {
      MEMORY.putInt(words.x, 1);
      MEMORY.putIntRelease(words.y, 1);
    }

    @Actor
    public void reader(Words words, II_Result seen) {
      seen.r1 = MEMORY.compareAndExchangeInt(words.y, 2, 3);
      seen.r2 = MEMORY.getInt(words.x);
    }
  }

  /** Opaque accesses promise nothing about other addresses. */
  @JCStressTest
  @JCStressMeta(NotPublished.class)
  public static class OpaquePublishesNothing {
    @Actor
    public void writer(Words words) {
      MEMORY.putIntOpaque(words.x, 1);
      MEMORY.putIntOpaque(words.y, 1);
    }

    @Actor
    public void reader(Words words, II_Result seen) {
      seen.r1 = MEMORY.getIntOpaque(words.y);
      seen.r2 = MEMORY.getIntOpaque(words.x);
    }
  }

  /** Plain accesses may be done in any order. */
  @JCStressTest
  @JCStressMeta(NotPublished.class)
  public static class PlainPublishesNothing {
    @Actor
    public void writer(Words words) {
      MEMORY.putInt(words.x, 1);
      MEMORY.putInt(words.y, 1);
    }

    @Actor
    public void reader(Words words, II_Result seen) {
      seen.r1 = MEMORY.getInt(words.y);
      seen.r2 = MEMORY.getInt(words.x);
    }
  }
}
