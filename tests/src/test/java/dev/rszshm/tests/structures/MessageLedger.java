package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.channel.Channel;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was sent and received in a run, and whether that can be: each message once, whole, none that
 * was not sent, to each receiver those of one sender in order, and none lost but in the hands of
 * the dead.
 */
final class MessageLedger {
  private final List<Integer> begun = new ArrayList<>();
  private final List<Integer> sent = new ArrayList<>();
  private final List<Integer> received = new ArrayList<>();

  /** What each thread has received last of each sender: its number without the last digit. */
  private final Map<Thread, Map<Integer, Integer>> last = new HashMap<>();

  private final List<SimulatedProcess> receiving = new ArrayList<>();
  private final List<ProcessBody> checks = new ArrayList<>();

  /** The bytes that stand for a number: a length of its own, and each byte says it. */
  static byte[] bytes(int number, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (number + i);
    }
    return bytes;
  }

  static byte[] bytes(int number) {
    return bytes(number, 4);
  }

  /** Sends messages without waiting; the number of a sender times ten, and what comes behind. */
  void trySend(Channel channel, int... numbers) {
    for (int number : numbers) {
      begun.add(number);
      if (channel.trySend(bytes(number))) {
        sent.add(number);
      } else {
        begun.remove((Integer) number);
      }
    }
  }

  void send(Channel channel, int... numbers) throws InterruptedException {
    for (int number : numbers) {
      begin(number);
      channel.send(bytes(number));
      sent(number);
    }
  }

  /** Notes that a message may be sent from now on. */
  void begin(int number) {
    begun.add(number);
  }

  void sent(int number) {
    sent.add(number);
  }

  /** Notes that it was not sent after all. */
  void notSent(int number) {
    begun.remove((Integer) number);
  }

  void tryReceive(SimulatedProcess process, Channel channel, int times) {
    receiving.add(process);
    for (int i = 0; i < times; i++) {
      byte[] message = channel.tryReceive().orElse(null);
      if (message != null) {
        received(message);
      }
    }
    receiving.remove(process);
  }

  void receive(SimulatedProcess process, Channel channel) throws InterruptedException {
    receiving.add(process);
    received(channel.receive());
    receiving.remove(process);
  }

  /** Notes a message of somebody who is receiving. */
  void received(byte[] message) {
    assertTrue(message.length > 0, "a message has content here");
    for (int i = 0; i < message.length; i++) {
      assertEquals((byte) (message[0] + i), message[i], "it is whole");
    }
    int number = message[0];
    received.add(number);
    Integer before =
        last.computeIfAbsent(Thread.currentThread(), thread -> new HashMap<>())
            .put(number / 10, number);
    assertTrue(
        before == null || before < number,
        () -> before + " was received before " + number + ": " + received);
  }

  void isReceiving(SimulatedProcess process) {
    receiving.add(process);
  }

  /** Adds something to look at when the run is over. */
  void alsoCheck(ProcessBody check) {
    checks.add(check);
  }

  /** Looks at what is left, and says what is wrong. */
  void check(SimulatedProcess process) throws Exception {
    for (ProcessBody check : checks) {
      check.run(process);
    }
    new RingReader(process.heap(), SmallChannel.place(process)).messages().forEach(this::received);
    Set<Integer> once = new HashSet<>(received);
    assertEquals(once.size(), received.size(), () -> "received twice: " + received);
    assertTrue(begun.containsAll(once), () -> received + " has more than " + begun);
    long dead = receiving.stream().filter(p -> !p.isAlive()).count();
    Set<Integer> lost = new HashSet<>(sent);
    lost.removeAll(once);
    assertTrue(lost.size() <= dead, () -> lost + " are lost, " + received + " were received");
  }
}
