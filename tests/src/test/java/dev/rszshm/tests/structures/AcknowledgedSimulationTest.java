package dev.rszshm.tests.structures;

import static dev.rszshm.tests.structures.MessageLedger.bytes;
import static dev.rszshm.tests.structures.SmallChannel.channel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Message;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * Messages that are acknowledged, with deaths at every step: the protocol of {@code
 * AcknowledgedReceipts}.
 */
class AcknowledgedSimulationTest {
  private static final ChannelSpec TWO = ChannelSpec.of(2, Width.variable(4)).acknowledged();
  private static final ChannelSpec STREAM = ChannelSpec.stream(1024).acknowledged();

  /** What was sent and processed in a run, and whether that can be. */
  private static final class Jobs {
    private final Set<Integer> sent = new HashSet<>();
    private final List<Integer> delivered = new ArrayList<>();
    private final Set<Integer> done = new HashSet<>();

    /** Messages that were given back by those that live. */
    private int givenBack;

    private final List<SimulatedProcess> working = new ArrayList<>();

    void trySend(Channel channel, int... numbers) {
      for (int number : numbers) {
        if (channel.trySend(bytes(number))) {
          sent.add(number);
        }
      }
    }

    /** Works until there is nothing; returns how many were done. */
    void work(SimulatedProcess process, Channel channel, int times) {
      working.add(process);
      for (int i = 0; i < times; i++) {
        Optional<Message> next = channel.tryTake();
        if (next.isPresent()) {
          finish(next.get());
        }
      }
      working.remove(process);
    }

    void finish(Message message) {
      int number = read(message);
      message.done();
      done.add(number);
    }

    int read(Message message) {
      byte[] content = message.toBytes();
      for (int i = 0; i < content.length; i++) {
        assertEquals((byte) (content[0] + i), content[i], "it is whole");
      }
      int number = content[0];
      assertFalse(done.contains(number), () -> number + " was done, and is given again");
      delivered.add(number);
      long before = delivered.stream().filter(n -> n == number).count();
      assertTrue(message.deliveries() >= before, () -> number + " was delivered more often");
      return number;
    }

    /** Looks at what is left, and says what is wrong. */
    void check(SimulatedProcess process) {
      RingReader reader = new RingReader(process.heap(), SmallChannel.place(process));
      List<Integer> left = new ArrayList<>();
      reader.taken().forEach(message -> left.add((int) message[0]));
      reader.messages().forEach(message -> left.add((int) message[0]));
      Set<Integer> here = new HashSet<>(left);
      assertEquals(here.size(), left.size(), () -> "there twice: " + left);
      here.retainAll(done);
      assertTrue(here.isEmpty(), () -> here + " are done, and there");
      Set<Integer> all = new HashSet<>(left);
      all.addAll(delivered);
      assertTrue(all.containsAll(sent), () -> sent + " were sent, and only " + all + " are there");
      Set<Integer> notDone = new HashSet<>(sent);
      notDone.removeAll(done);
      notDone.removeAll(left);
      long dead = working.stream().filter(p -> !p.isAlive()).count();
      assertTrue(notDone.size() <= dead, () -> notDone + " are not done and not there");
      int again = delivered.size() - new HashSet<>(delivered).size();
      assertTrue(again <= dead + givenBack, () -> "delivered again and again: " + delivered);
    }
  }

  private static Simulation simulation(
      ChannelSpec spec, int messages, BiConsumer<Scenario, Jobs> story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).length(64 << 10).participants(4))
        .bulkSteps(2)
        .setUp(
            p -> {
              Channel channel = Channel.at(p.heap(), SmallChannel.place(p), spec);
              for (int lap = 0; lap < 5; lap++) {
                channel.send(bytes(lap));
                channel.receive();
              }
              for (int number = 1; number <= messages; number++) {
                channel.send(bytes(number));
              }
            })
        .scenario(
            s -> {
              Jobs jobs = new Jobs();
              for (int number = 1; number <= messages; number++) {
                jobs.sent.add(number);
              }
              story.accept(s, jobs);
              s.check(jobs::check);
            });
  }

  private static void workers(Scenario scenario, Jobs jobs) {
    scenario.process("one", p -> jobs.work(p, channel(p), 2));
    scenario.survivor("two", p -> jobs.work(p, channel(p), 3));
  }

  @Test
  void eachMessageIsDoneByALivingReceiver() {
    Simulation two = simulation(TWO, 2, AcknowledgedSimulationTest::workers);
    Schedules.explore("acknowledged", two.kills(1).preemptions(Storm.count(1, 2)));
    Schedules.explore("acknowledged in weak memory", two.preemptions(1).staleLoads(1));
    Schedules.crashes("acknowledged", two);
  }

  @Test
  void senderAndReceiversThatMayDieLoseNothing() {
    Simulation three =
        simulation(
            TWO,
            1,
            (s, jobs) -> {
              s.process("sender", p -> jobs.trySend(channel(p), 10, 11));
              s.process("one", p -> jobs.work(p, channel(p), 1));
              s.survivor("two", p -> jobs.work(p, channel(p), 2));
            });
    Schedules.explore("acknowledged, sender", three.kills(1).preemptions(Storm.count(1, 2)));
    Schedules.random(
        "acknowledged, at random", three.kills(2).preemptions(4), 5, Storm.count(500, 20_000));
  }

  @Test
  void whatIsGivenBackIsTakenOnce() {
    Simulation two =
        simulation(
            TWO,
            1,
            (s, jobs) -> {
              jobs.givenBack = 1;
              s.process(
                  "gives back",
                  p -> {
                    jobs.working.add(p);
                    Optional<Message> message = channel(p).tryTake();
                    if (message.isPresent()) {
                      jobs.read(message.get());
                      message.get().close();
                    }
                    jobs.working.remove(p);
                  });
              s.process("one", p -> jobs.work(p, channel(p), 1));
              s.survivor("two", p -> jobs.work(p, channel(p), 1));
            });
    Schedules.explore("given back", two.kills(1).preemptions(Storm.count(1, 2)));
    Schedules.random(
        "given back, at random", two.kills(2).preemptions(4), 6, Storm.count(500, 20_000));
  }

  @Test
  void aStreamKeepsTheRoomOfWhatIsNotDone() {
    Simulation two =
        simulation(
            STREAM,
            2,
            (s, jobs) -> {
              s.process("sender", p -> jobs.trySend(channel(p), 10, 11));
              s.process("one", p -> jobs.work(p, channel(p), 3));
            });
    Schedules.explore("acknowledged stream", two.kills(1).preemptions(Storm.count(1, 2)));
    Schedules.crashes("acknowledged stream", two);
  }
}
