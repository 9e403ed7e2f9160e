package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.cli.bench.Bench;
import dev.rszshm.cli.bench.Bench.Figure;
import dev.rszshm.cli.bench.Work;
import dev.rszshm.cli.bench.Works;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bench measures what it says; how fast this machine is, no test says. */
@Timeout(300)
class BenchCommandTest {
  static List<Work> works() {
    return Works.all();
  }

  @ParameterizedTest
  @MethodSource("works")
  void eachWorkCanBeMeasured(Work work) throws Exception {
    Figure figure = Bench.shortest().measure(work);
    assertTrue(figure.nanos() > 0 && figure.peerNanos() > 0, figure.toString());
    assertTrue(figure.lower() <= figure.ratio() && figure.ratio() <= figure.upper());
  }

  @Test
  void verdictComparesTheRatioWithTheExpectedOne() {
    assertEquals("as expected", new Figure(1, 1, 1.9, 1.8, 2.0).verdict(1));
    assertEquals("slower", new Figure(1, 1, 2.1, 2.0, 2.2).verdict(1));
    assertEquals("faster", new Figure(1, 1, 0.4, 0.4, 0.4).verdict(1));
    assertEquals("unsteady", new Figure(1, 1, 1, 0.8, 1.3).verdict(1));
  }

  @Test
  void unknownWorkIsAWrongArgument() {
    Command.Result result = Command.run("bench", "lokc");
    assertEquals(2, result.status());
    assertTrue(
        result.err().contains("there is no work lokc; there are access, claim"), result.err());
  }
}
