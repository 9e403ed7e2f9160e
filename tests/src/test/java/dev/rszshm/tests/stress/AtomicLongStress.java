package dev.rszshm.tests.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.spi.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/**
 * Two threads change one long with the same atomic operation. The race that is excluded: both work
 * on the same old value, and the change of one of them is lost.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=AtomicLong}
 */
public class AtomicLongStress {
  private static final Memory MEMORY = Memory.host();

  private AtomicLongStress() {}

  /** One of two compareAndSetLong wins, and its value is there. */
  @JCStressTest
  @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "The first won.")
  @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "The second won.")
  @Outcome(expect = FORBIDDEN, desc = "Both won, neither did, or the winner's value is lost.")
  public static class CompareAndSetLong {
    @Actor
    public void first(Words words, ZZJ_Result result) {
      result.r1 = MEMORY.compareAndSetLong(words.x, 0, 1);
    }

    @Actor
    public void second(Words words, ZZJ_Result result) {
      result.r2 = MEMORY.compareAndSetLong(words.x, 0, 2);
    }

    @Arbiter
    public void winner(Words words, ZZJ_Result result) {
      result.r3 = MEMORY.getLong(words.x);
    }
  }

  /** One of two compareAndExchangeLong wins, and the other is told the winner's value. */
  @JCStressTest
  @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The first won, and the second knows.")
  @Outcome(id = "2, 0, 2", expect = ACCEPTABLE, desc = "The second won, and the first knows.")
  @Outcome(expect = FORBIDDEN, desc = "Both won, neither did, or the loser was told wrong.")
  public static class CompareAndExchangeLong {
    @Actor
    public void first(Words words, JJJ_Result result) {
      result.r1 = MEMORY.compareAndExchangeLong(words.x, 0, 1);
    }

    @Actor
    public void second(Words words, JJJ_Result result) {
      result.r2 = MEMORY.compareAndExchangeLong(words.x, 0, 2);
    }

    @Arbiter
    public void winner(Words words, JJJ_Result result) {
      result.r3 = MEMORY.getLong(words.x);
    }
  }

  /** A getAndAddLong loses no addition, and gives each caller a value of its own. */
  @JCStressTest
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The first was first, and both count.")
  @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "The second was first, and both count.")
  @Outcome(expect = FORBIDDEN, desc = "An addition was lost, or both were given one value.")
  public static class GetAndAddLong {
    @Actor
    public void first(Words words, JJJ_Result result) {
      result.r1 = MEMORY.getAndAddLong(words.x, 1);
    }

    @Actor
    public void second(Words words, JJJ_Result result) {
      result.r2 = MEMORY.getAndAddLong(words.x, 1);
    }

    @Arbiter
    public void total(Words words, JJJ_Result result) {
      result.r3 = MEMORY.getLong(words.x);
    }
  }

  /** A getAndSetLong passes each value on once: to the next one, or to whoever looks at the end. */
  @JCStressTest
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The second was given the first's value.")
  @Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "The first was given the second's value.")
  @Outcome(expect = FORBIDDEN, desc = "A value was lost, or seen twice.")
  public static class GetAndSetLong {
    @Actor
    public void first(Words words, JJJ_Result result) {
      result.r1 = MEMORY.getAndSetLong(words.x, 1);
    }

    @Actor
    public void second(Words words, JJJ_Result result) {
      result.r2 = MEMORY.getAndSetLong(words.x, 2);
    }

    @Arbiter
    public void total(Words words, JJJ_Result result) {
      result.r3 = MEMORY.getLong(words.x);
    }
  }

  /** Two getAndBitwiseOrLong set both bits, and the later one sees the earlier one's. */
  @JCStressTest
  @Outcome(id = "0, 1, 4294967297", expect = ACCEPTABLE, desc = "The second saw the first's bit.")
  @Outcome(
      id = "4294967296, 0, 4294967297",
      expect = ACCEPTABLE,
      desc = "The first saw the second's bit.")
  @Outcome(expect = FORBIDDEN, desc = "A bit was lost, or not seen.")
  public static class GetAndBitwiseOrLong {
    @Actor
    public void first(Words words, JJJ_Result result) {
      result.r1 = MEMORY.getAndBitwiseOrLong(words.x, 1);
    }

    @Actor
    public void second(Words words, JJJ_Result result) {
      result.r2 = MEMORY.getAndBitwiseOrLong(words.x, 1L << 32);
    }

    @Arbiter
    public void total(Words words, JJJ_Result result) {
      result.r3 = MEMORY.getLong(words.x);
    }
  }

  /** Two getAndBitwiseAndLong clear both bits, and the later one sees the earlier one's cleared. */
  @JCStressTest
  @Outcome(
      id = "4294967297, 4294967296, 0",
      expect = ACCEPTABLE,
      desc = "The second saw the first's bit gone.")
  @Outcome(
      id = "1, 4294967297, 0",
      expect = ACCEPTABLE,
      desc = "The first saw the second's bit gone.")
  @Outcome(expect = FORBIDDEN, desc = "A bit came back, or was not seen to go.")
  public static class GetAndBitwiseAndLong {
    /** Both bits are set at first. */
    @State
    public static class SetBits extends Words {
      public SetBits() {
        MEMORY.putLong(x, 1 | 1L << 32);
      }
    }

    @Actor
    public void first(SetBits words, JJJ_Result result) {
      result.r1 = MEMORY.getAndBitwiseAndLong(words.x, ~1);
    }

    @Actor
    public void second(SetBits words, JJJ_Result result) {
      result.r2 = MEMORY.getAndBitwiseAndLong(words.x, ~(1L << 32));
    }

    @Arbiter
    public void total(SetBits words, JJJ_Result result) {
      result.r3 = MEMORY.getLong(words.x);
    }
  }
}
