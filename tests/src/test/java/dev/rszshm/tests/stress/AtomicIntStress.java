package dev.rszshm.tests.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.spi.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/**
 * Two threads change one int with the same atomic operation. The race that is excluded: both work
 * on the same old value, and the change of one of them is lost.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=AtomicInt}
 */
public class AtomicIntStress {
  private static final Memory MEMORY = Memory.host();

  private AtomicIntStress() {}

  /** One of two compareAndSetInt wins, and its value is there. */
  @JCStressTest
  @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "The first won.")
  @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "The second won.")
  @Outcome(expect = FORBIDDEN, desc = "Both won, neither did, or the winner's value is lost.")
  public static class CompareAndSetInt {
    @Actor
    public void first(Words words, ZZI_Result result) {
      result.r1 = MEMORY.compareAndSetInt(words.x, 0, 1);
    }

    @Actor
    public void second(Words words, ZZI_Result result) {
      result.r2 = MEMORY.compareAndSetInt(words.x, 0, 2);
    }

    @Arbiter
    public void winner(Words words, ZZI_Result result) {
      result.r3 = MEMORY.getInt(words.x);
    }
  }

  /** One of two compareAndExchangeInt wins, and the other is told the winner's value. */
  @JCStressTest
  @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The first won, and the second knows.")
  @Outcome(id = "2, 0, 2", expect = ACCEPTABLE, desc = "The second won, and the first knows.")
  @Outcome(expect = FORBIDDEN, desc = "Both won, neither did, or the loser was told wrong.")
  public static class CompareAndExchangeInt {
    @Actor
    public void first(Words words, III_Result result) {
      result.r1 = MEMORY.compareAndExchangeInt(words.x, 0, 1);
    }

    @Actor
    public void second(Words words, III_Result result) {
      result.r2 = MEMORY.compareAndExchangeInt(words.x, 0, 2);
    }

    @Arbiter
    public void winner(Words words, III_Result result) {
      result.r3 = MEMORY.getInt(words.x);
    }
  }

  /** A getAndAddInt loses no addition, and gives each caller a value of its own. */
  @JCStressTest
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The first was first, and both count.")
  @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "The second was first, and both count.")
  @Outcome(expect = FORBIDDEN, desc = "An addition was lost, or both were given one value.")
  public static class GetAndAddInt {
    @Actor
    public void first(Words words, III_Result result) {
      result.r1 = MEMORY.getAndAddInt(words.x, 1);
    }

    @Actor
    public void second(Words words, III_Result result) {
      result.r2 = MEMORY.getAndAddInt(words.x, 1);
    }

    @Arbiter
    public void total(Words words, III_Result result) {
      result.r3 = MEMORY.getInt(words.x);
    }
  }

  /** A getAndSetInt passes each value on once: to the next one, or to whoever looks at the end. */
  @JCStressTest
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The second was given the first's value.")
  @Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "The first was given the second's value.")
  @Outcome(expect = FORBIDDEN, desc = "A value was lost, or seen twice.")
  public static class GetAndSetInt {
    @Actor
    public void first(Words words, III_Result result) {
      result.r1 = MEMORY.getAndSetInt(words.x, 1);
    }

    @Actor
    public void second(Words words, III_Result result) {
      result.r2 = MEMORY.getAndSetInt(words.x, 2);
    }

    @Arbiter
    public void total(Words words, III_Result result) {
      result.r3 = MEMORY.getInt(words.x);
    }
  }

  /** Two getAndBitwiseOrInt set both bits, and the later one sees the earlier one's. */
  @JCStressTest
  @Outcome(id = "0, 1, 3", expect = ACCEPTABLE, desc = "The second saw the first's bit.")
  @Outcome(id = "2, 0, 3", expect = ACCEPTABLE, desc = "The first saw the second's bit.")
  @Outcome(expect = FORBIDDEN, desc = "A bit was lost, or not seen.")
  public static class GetAndBitwiseOrInt {
    @Actor
    public void first(Words words, III_Result result) {
      result.r1 = MEMORY.getAndBitwiseOrInt(words.x, 1);
    }

    @Actor
    public void second(Words words, III_Result result) {
      result.r2 = MEMORY.getAndBitwiseOrInt(words.x, 2);
    }

    @Arbiter
    public void total(Words words, III_Result result) {
      result.r3 = MEMORY.getInt(words.x);
    }
  }

  /** Two getAndBitwiseAndInt clear both bits, and the later one sees the earlier one's cleared. */
  @JCStressTest
  @Outcome(id = "3, 2, 0", expect = ACCEPTABLE, desc = "The second saw the first's bit gone.")
  @Outcome(id = "1, 3, 0", expect = ACCEPTABLE, desc = "The first saw the second's bit gone.")
  @Outcome(expect = FORBIDDEN, desc = "A bit came back, or was not seen to go.")
  public static class GetAndBitwiseAndInt {
    /** Both bits are set at first. */
    @State
    public static class SetBits extends Words {
      public SetBits() {
        MEMORY.putInt(x, 1 | 2);
      }
    }

    @Actor
    public void first(SetBits words, III_Result result) {
      result.r1 = MEMORY.getAndBitwiseAndInt(words.x, ~1);
    }

    @Actor
    public void second(SetBits words, III_Result result) {
      result.r2 = MEMORY.getAndBitwiseAndInt(words.x, ~2);
    }

    @Arbiter
    public void total(SetBits words, III_Result result) {
      result.r3 = MEMORY.getInt(words.x);
    }
  }
}
