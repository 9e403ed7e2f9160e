package dev.rszshm.testkit.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.memory.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * A counter that is wrong, to show that the stress tests can fail: it gets, adds and puts in three
 * steps, each of them volatile, and so loses a count when two threads get the same value. {@link
 * StressIT} requires that jcstress finds this; run by hand, this test must fail.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=BrokenCounter}
 */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE, desc = "Both counts are there.")
@Outcome(id = "1", expect = FORBIDDEN, desc = "One count is lost.")
public class BrokenCounterStress {
  private static final Memory MEMORY = Memory.host();

  private static void count(long address) {
    MEMORY.putLongVolatile(address, MEMORY.getLongVolatile(address) + 1);
  }

  @Actor
  public void first(Words words) {
    count(words.x);
  }

  @Actor
  public void second(Words words) {
    count(words.x);
  }

  @Arbiter
  public void total(Words words, J_Result result) {
    result.r1 = MEMORY.getLong(words.x);
  }
}
