package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.testkit.simulation.CallSession.Call;
import dev.rszshm.testkit.simulation.CallSession.Kind;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * The simulated system and the real one give the same results, the same error numbers and the same
 * files, whatever the order of calls. The real files lie in a private directory that is removed
 * again.
 */
class CallsAgreementTest {
  private static final int PAGE = CallSession.PAGE;
  private static final String TEMPLATE = "/dev/shm/rszshm-agreement-XXXXXX";

  @Provide
  Arbitrary<List<Call>> calls() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, 2),
            Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(0, 20)),
                Tuple.of(1, Arbitraries.of(-1, PAGE - 3, PAGE, 2 * PAGE + 5))),
            Arbitraries.frequency(Tuple.of(4, true), Tuple.of(1, false)))
        .as(Call::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(40);
  }

  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.of(0, 2 * PAGE);
  }

  @Property(tries = 1500)
  void everySequenceOfCallsDoesTheSame(
      @ForAll("lengths") int length, @ForAll("calls") List<Call> calls) {
    List<String> simulated = new ArrayList<>();
    Simulation.ofMachine()
        .scenario(
            s ->
                s.process(
                    "a", p -> simulated.addAll(session(p.calls(), p.memory()).run(length, calls))))
        .replay("");
    List<String> real = session(SystemCalls.host(), Memory.host()).run(length, calls);
    for (int i = 0; i < real.size(); i++) {
      List<Call> made = calls.subList(0, Math.min(i + 1, calls.size()));
      assertEquals(real.get(i), simulated.get(i), "call " + i + " of " + made);
    }
  }

  private static CallSession session(SystemCalls calls, Memory memory) {
    return new CallSession(calls, memory, calls.makeDirectory(TEMPLATE));
  }
}
