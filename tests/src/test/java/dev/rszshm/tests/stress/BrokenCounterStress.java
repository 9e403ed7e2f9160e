package dev.rszshm.tests.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.spi.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * A counter that is wrong, to show that the stress tests can fail: it gets, adds and puts in three
 * steps, each of them volatile, and so loses a count when two threads get the same value. {@link
 * StressIT} runs it each time, and requires that it fails. Each thread counts several times, and
 * yields between get and put: on a busy machine, too, the other one then comes between.
 */
@JCStressTest
@Outcome(id = "20", expect = ACCEPTABLE, desc = "All counts are there.")
@Outcome(expect = FORBIDDEN, desc = "Counts are lost.")
public class BrokenCounterStress {
  private static final Memory MEMORY = Memory.host();

  private static final int COUNTS = 10;

  @SuppressWarnings("ThreadPriorityCheck") // to be interrupted there is what it yields for
  private static void count(long address) {
    for (int i = 0; i < COUNTS; i++) {
      long before = MEMORY.getLongVolatile(address);
      Thread.yield();
      MEMORY.putLongVolatile(address, before + 1);
    }
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
