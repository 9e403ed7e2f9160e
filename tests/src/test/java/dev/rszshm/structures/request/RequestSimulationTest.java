package dev.rszshm.structures.request;

import static dev.rszshm.tests.Schedules.explore;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Calls in every order of accesses within bounds, and with deaths at every step. */
class RequestSimulationTest {
  private static final long SEED = 20_262;
  private static final long CHANNEL = 1 << 14;
  private static final int LENGTH = 16;

  /** One reply slot: whoever comes next meets whatever the one before has left. */
  private static final RequestSpec SPEC = RequestSpec.of(LENGTH, LENGTH).depth(2).calls(1);

  private static Simulation of(Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().length(1 << 15).span(1 << 20).participants(5))
        .setUp(p -> RequestChannel.at(p.heap(), CHANNEL, SPEC))
        .scenario(scenario)
        .bulkSteps(2);
  }

  /** Bytes in which a torn copy can be told. */
  private static byte[] bytes(int number) {
    byte[] bytes = new byte[LENGTH];
    bytes[0] = (byte) number;
    bytes[LENGTH - 1] = (byte) number;
    return bytes;
  }

  private static int number(byte[] bytes) {
    assertEquals(LENGTH, bytes.length);
    assertEquals(bytes[0], bytes[LENGTH - 1], "a torn copy");
    return bytes[0];
  }

  private static void call(RequestChannel channel, int number) throws InterruptedException {
    assertEquals(number + 1, number(channel.call(bytes(number))));
  }

  /** Calls until a server lives long enough, and then closes the channel. */
  private static void callAndClose(RequestChannel channel, int number) throws InterruptedException {
    while (true) {
      try {
        call(channel, number);
        channel.shutdown();
        return;
      } catch (PeerDiedException e) {
        // the other server goes on
      }
    }
  }

  private static void serve(SimulatedProcess p) throws InterruptedException {
    RequestChannel channel = RequestChannel.at(p.heap(), CHANNEL);
    while (true) {
      try (Request request = channel.receive()) {
        request.reply(bytes(number(request.bytes()) + 1));
      } catch (ChannelShutdownException e) {
        return;
      }
    }
  }

  private static Simulation servers() {
    return of(
        s -> {
          s.process("victim", RequestSimulationTest::serve);
          s.survivor("server", RequestSimulationTest::serve);
          s.survivor("client", p -> callAndClose(RequestChannel.at(p.heap(), CHANNEL), 5));
        });
  }

  @Test
  void theDeathOfAServerIsToldAndEveryCallEnds() {
    explore("servers", servers().kills(1).preemptions(Storm.count(0, 1)));
    servers().kills(1).preemptions(4).staleLoads(2).random(SEED, Storm.count(250, 20_000));
  }

  private static Simulation clients() {
    return of(
        s -> {
          s.process(
              "victim",
              p -> {
                try {
                  call(RequestChannel.at(p.heap(), CHANNEL), 1);
                } catch (ChannelShutdownException e) {
                  // the other client was faster
                }
              });
          s.survivor("server", RequestSimulationTest::serve);
          s.survivor("client", p -> callAndClose(RequestChannel.at(p.heap(), CHANNEL), 5));
        });
  }

  @Test
  void theDeathOfAClientHoldsNobodyUpAndNobodyGetsItsReply() {
    explore("clients", clients().kills(1).preemptions(Storm.count(0, 1)));
    clients().kills(1).preemptions(4).staleLoads(2).random(SEED, Storm.count(250, 20_000));
  }

  /** A client that gives up whenever it must wait, and then does not. */
  private static Simulation impatience() {
    return of(
        s -> {
          s.process("victim", RequestSimulationTest::serve);
          s.survivor("server", RequestSimulationTest::serve);
          s.survivor(
              "client",
              p -> {
                RequestChannel channel = RequestChannel.at(p.heap(), CHANNEL);
                for (int number = 1; number <= 2; number++) {
                  try {
                    Duration timeout = Duration.ofMillis(1);
                    assertEquals(number + 1, number(channel.call(bytes(number), timeout)));
                  } catch (TimeoutException | PeerDiedException e) {
                    // its reply comes late, or never
                  }
                }
                callAndClose(channel, 5);
              });
        });
  }

  /** Just enough for a server to write into the reply of another's call. */
  private static Simulation lateReply() {
    return of(
        s -> {
          s.survivor("late", RequestSimulationTest::serve);
          s.survivor("server", RequestSimulationTest::serve);
          s.survivor(
              "client",
              p -> {
                RequestChannel channel = RequestChannel.at(p.heap(), CHANNEL);
                try {
                  channel.call(bytes(1), Duration.ofMillis(1));
                } catch (TimeoutException e) {
                  // its reply comes late
                }
                callAndClose(channel, 5);
              });
        });
  }

  @Test
  void noCallGetsTheLateReplyOfAnother() {
    explore("late reply", lateReply().preemptions(1));
    impatience().kills(1).preemptions(6).staleLoads(2).random(SEED, Storm.count(250, 50_000));
  }
}
