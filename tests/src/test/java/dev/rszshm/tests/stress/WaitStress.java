package dev.rszshm.tests.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * One thread waits for another, asleep or not. The races that are excluded: the waiter falls asleep
 * just after it was to be woken, and sleeps on; it wakes and does not find the data; the compiler
 * gets the word once and for all. A waiter that never ends is an error, which jcstress reports.
 *
 * <p>{@code mvn verify -pl tests -am -Dit.test=StressIT -Ddev.rszshm.stress=Wait}
 */
public class WaitStress {
  private static final Memory MEMORY = Memory.host();

  private WaitStress() {}

  /** Data, word, wake: the waiter wakes and finds the data. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The waiter has the word and the data.")
  @Outcome(expect = FORBIDDEN, desc = "The waiter went on without the word or the data.")
  public static class AWaiterIsWokenAndFindsTheData {
    private static final SystemCalls CALLS = SystemCalls.host();

    /** Longer than jcstress waits for a thread. */
    private static final long FOR_EVER = TimeUnit.HOURS.toNanos(1);

    @Actor
    public void waker(Words words) {
      MEMORY.putInt(words.x, 1);
      MEMORY.putIntRelease(words.y, 1);
      CALLS.wakeWord(words.y, 1);
    }

    @Actor
    public void waiter(Words words, II_Result seen) {
      int word = MEMORY.getIntAcquire(words.y);
      while (word == 0) {
        CALLS.waitOnWord(words.y, 0, FOR_EVER);
        word = MEMORY.getIntAcquire(words.y);
      }
      seen.r1 = word;
      seen.r2 = MEMORY.getInt(words.x);
    }
  }

  /** A loop of opaque gets sees an opaque put at last. */
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The loop has seen the flag.")
  @Outcome(id = "STALE", expect = FORBIDDEN, desc = "The loop never sees the flag.")
  public static class AnOpaqueFlagIsSeenAtLast {
    @Actor
    public void spin(Words words) {
      while (MEMORY.getIntOpaque(words.x) == 0) {
        Thread.onSpinWait();
      }
    }

    @Signal
    public void raise(Words words) {
      MEMORY.putIntOpaque(words.x, 1);
    }
  }
}
