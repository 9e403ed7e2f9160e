package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ScheduleTest {
  @Provide
  Arbitrary<List<Integer>> moves() {
    Arbitrary<Integer> process = Arbitraries.integers().between(0, 80);
    Arbitrary<Integer> plain =
        Combinators.combine(Arbitraries.integers().between(Move.STEP, Move.KILL), process)
            .as((kind, p) -> Move.of(kind, p, 0));
    Arbitrary<Integer> numbered =
        Combinators.combine(
                Arbitraries.of(Move.WAY, Move.AGE),
                process,
                Arbitraries.integers().between(0, Move.MOST))
            .as(Move::of);
    Arbitrary<Integer> step = process.map(p -> Move.of(Move.STEP, p, 0));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(5, step),
            net.jqwik.api.Tuple.of(1, plain),
            net.jqwik.api.Tuple.of(1, numbered))
        .list()
        .ofMaxSize(200);
  }

  @Property
  void theTextOfAScheduleIsReadAsTheSameSchedule(@ForAll("moves") List<Integer> moves) {
    Schedule schedule = new Schedule(moves.stream().mapToInt(m -> m).toArray());
    Schedule read = Schedule.parse(schedule.toString());
    assertEquals(schedule, read);
    assertEquals(schedule.hashCode(), read.hashCode());
    assertEquals(schedule.toString(), read.toString());
  }

  @Example
  void stepsSwitchesAndKillsAreCounted() {
    Schedule schedule = Schedule.parse(" A3  B!\tB2 Ax B=2 C B~1\nB ");
    assertEquals("A3 B! B2 Ax B=2 C B~1 B", schedule.toString());
    assertEquals(8, schedule.steps());
    assertEquals(3, schedule.switches());
    assertEquals(1, schedule.kills());
  }

  @Example
  void theEmptyTextIsTheEmptySchedule() {
    assertEquals(0, Schedule.parse(" ").steps());
    assertEquals("", Schedule.parse("").toString());
  }

  @Example
  void textThatIsNoScheduleIsRejectedWithWhatWasExpected() {
    for (String text :
        List.of(
            "a",
            "3A",
            "A-1",
            "AB",
            "A=",
            "A~",
            "Axx",
            "A=1x",
            "A2147483648",
            "A1000001",
            "A600000 A600000",
            "A=65536",
            "A0",
            "A!2",
            "Ä")) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> Schedule.parse("A2 " + text), () -> text);
      assertEquals(IllegalArgumentException.class, e.getClass(), text);
      assertTrue(e.getMessage().contains(text.split(" ")[0]), e::getMessage);
      assertTrue(e.getMessage().contains("expected"), e::getMessage);
    }
  }
}
