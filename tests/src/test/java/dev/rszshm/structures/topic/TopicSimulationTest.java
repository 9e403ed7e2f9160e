package dev.rszshm.structures.topic;

import static dev.rszshm.tests.Schedules.explore;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.LaggedException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Topics in every order of accesses within bounds, and with deaths at every step. */
class TopicSimulationTest {

  private static final long SEED = 20_261;
  private static final long TOPIC = 1 << 14;

  /** Ghost words: for each subscriber whether it has subscribed, and what it must receive. */
  private static final long GHOSTS = 1 << 13;

  private static final int MESSAGES = 8;

  private static Simulation of(TopicSpec spec, Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().length(1 << 15).span(1 << 20).participants(5))
        .setUp(p -> Topic.at(p.heap(), TOPIC, spec))
        .scenario(scenario)
        .bulkSteps(2);
  }

  private static long ghost(SimulatedProcess p, int subscriber, int word) {
    return p.heap().base() + GHOSTS + 8L * (subscriber * (MESSAGES + 1) + word);
  }

  /**
   * Publishes a number in two copies, so that a torn message can be told. Whoever had subscribed
   * before must receive it when this has returned.
   */
  private static void publish(SimulatedProcess p, Topic topic, int message, int subscribers)
      throws InterruptedException {
    long[] subscribed = new long[subscribers];
    for (int s = 0; s < subscribers; s++) {
      subscribed[s] = p.ghost().getLong(ghost(p, s, 0));
    }
    byte[] bytes = new byte[16];
    bytes[0] = (byte) message;
    bytes[15] = (byte) message;
    try {
      topic.publish(bytes);
    } catch (ChannelShutdownException e) {
      return;
    }
    for (int s = 0; s < subscribers; s++) {
      p.ghost().putLong(ghost(p, s, message), subscribed[s]);
    }
  }

  /** Subscribes, and receives until the topic is closed. */
  private static void subscribe(SimulatedProcess p, int number, List<Integer> received)
      throws InterruptedException {
    Topic topic = Topic.at(p.heap(), TOPIC);
    try (Subscription subscription = topic.subscribe()) {
      p.ghost().putLong(ghost(p, number, 0), 1);
      while (receiveOne(subscription, received)) {}
    }
  }

  private static void check(SimulatedProcess p, List<List<Integer>> received) {
    List<Integer> longest = List.of();
    for (List<Integer> one : received) {
      longest = one.size() > longest.size() ? one : longest;
    }
    for (int s = 0; s < received.size(); s++) {
      List<Integer> mine = received.get(s);
      int from = longest.size() - mine.size();
      assertEquals(longest.subList(from, longest.size()), mine, "not the same order for all");
      for (int message = 1; message <= MESSAGES; message++) {
        long expected = p.memory().getLong(ghost(p, s, message));
        assertTrue(expected == 0 || mine.contains(message), message + " is missing in " + mine);
      }
    }
  }

  /** Two publishers, of whom the first may be killed, and a subscriber. */
  private static Simulation publishers(TopicSpec spec) {
    return of(
        spec,
        s -> {
          List<List<Integer>> received = List.of(new ArrayList<>());
          s.process(
              "publisher",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                publish(p, topic, 1, 1);
                publish(p, topic, 2, 1);
              });
          s.survivor(
              "survivor",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                publish(p, topic, 3, 1);
                topic.shutdown();
              });
          s.survivor("subscriber", p -> subscribe(p, 0, received.get(0)));
          s.check(p -> check(p, received));
        });
  }

  @Test
  void whatIsPublishedIsReceivedAndAKilledPublisherHoldsNobodyUp() {
    explore(
        "publishers",
        publishers(TopicSpec.of(2, Width.fixed(16)).subscribers(1))
            .kills(1)
            .preemptions(Storm.count(0, 1)));
    publishers(TopicSpec.of(1, Width.fixed(16)).subscribers(1))
        .kills(1)
        .preemptions(4)
        .staleLoads(2)
        .random(SEED, Storm.count(250, 20_000));
    publishers(TopicSpec.stream(1024).subscribers(1))
        .kills(1)
        .preemptions(4)
        .random(SEED, Storm.count(250, 20_000));
  }

  /** A subscriber that may be killed in the way of a publisher, and one that comes and stays. */
  private static Simulation subscribers() {
    return of(
        TopicSpec.of(1, Width.fixed(16)).subscribers(2),
        s -> {
          List<List<Integer>> received = List.of(new ArrayList<>());
          s.process("victim", p -> subscribe(p, 1, new ArrayList<>()));
          s.survivor("subscriber", p -> subscribe(p, 0, received.get(0)));
          s.survivor(
              "publisher",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                for (int message = 1; message <= 3; message++) {
                  publish(p, topic, message, 1);
                }
                topic.shutdown();
              });
          s.check(p -> check(p, received));
        });
  }

  @Test
  void aKilledSubscriberHoldsNobodyUpAndOneThatJoinsMissesNothing() {
    explore("subscribers", subscribers().kills(1).preemptions(Storm.count(0, 1)));
    subscribers().kills(1).preemptions(4).staleLoads(2).random(SEED, Storm.count(250, 20_000));
  }

  /** A publisher that is never held up, and a subscriber that gets whole messages, in order. */
  private static Simulation overwriting() {
    return of(
        TopicSpec.of(1, Width.fixed(16)).subscribers(1).overwriting(),
        s -> {
          List<Integer> received = new ArrayList<>();
          s.process(
              "publisher",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                for (int message = 1; message <= 4; message++) {
                  publish(p, topic, message, 0);
                }
              });
          s.survivor("closer", p -> Topic.at(p.heap(), TOPIC).shutdown());
          s.survivor(
              "subscriber",
              p -> {
                try (Subscription subscription = Topic.at(p.heap(), TOPIC).subscribe()) {
                  while (receiveOne(subscription, received)) {}
                }
              });
          s.check(p -> assertEquals(received.stream().sorted().distinct().toList(), received));
        });
  }

  /** Receives a message, if the topic is not closed. */
  private static boolean receiveOne(Subscription subscription, List<Integer> received)
      throws InterruptedException {
    try {
      byte[] bytes = subscription.receive();
      assertEquals(bytes[0], bytes[15], "a torn message");
      received.add((int) bytes[0]);
      return true;
    } catch (LaggedException e) {
      assertTrue(e.missed() > 0);
      return true;
    } catch (PeerDiedException e) {
      return true; // perhaps others come
    } catch (ChannelShutdownException e) {
      return false;
    }
  }

  /** Just enough for a message to be overwritten while it is copied. */
  private static Simulation overwritingOnce() {
    return of(
        TopicSpec.of(1, Width.fixed(16)).subscribers(1).overwriting(),
        s -> {
          s.survivor(
              "publisher",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                for (int message = 1; message <= 3; message++) {
                  publish(p, topic, message, 0);
                }
                topic.shutdown();
              });
          s.survivor("subscriber", p -> subscribe(p, 0, new ArrayList<>()));
        });
  }

  @Test
  void whatIsOverwrittenIsNeverReceived() {
    explore("overwriting once", overwritingOnce().preemptions(2));
    explore("overwriting", overwriting().kills(1).preemptions(Storm.count(0, 2)));
    overwriting().kills(1).preemptions(4).staleLoads(3).random(SEED, Storm.count(250, 20_000));
  }

  /** Two who subscribe at once, and one that may have died with a place that they need. */
  private static Simulation comingAtOnce(int places) {
    return of(
        TopicSpec.of(1, Width.fixed(16)).subscribers(places),
        s -> {
          long[] tags = new long[2];
          s.process("mortal", p -> tryToSubscribe(p));
          for (int i = 0; i < 2; i++) {
            int number = i;
            s.survivor(
                "subscriber " + i,
                p -> {
                  tags[number] = tryToSubscribe(p);
                  stayUntilBothHaveCome(p);
                  assertTrue(
                      tags[number] == 0 || hasPlace(p, tags[number], places), "taken by another");
                });
          }
          s.check(
              p -> {
                p.sometimes(
                    places + " have a place",
                    (tags[0] == 0 ? 0 : 1) + (tags[1] == 0 ? 0 : 1) == places);
              });
        });
  }

  /**
   * Subscribes for as long as the process is there; returns its tag, or 0 if all places are taken.
   */
  private static long tryToSubscribe(SimulatedProcess p) {
    try {
      Topic.at(p.heap(), TOPIC).subscribe();
      return p.heap().self().orElseThrow().tag();
    } catch (IllegalStateException full) {
      return 0;
    }
  }

  /** Who has ended is dead, and its place is for anybody. */
  private static void stayUntilBothHaveCome(SimulatedProcess p) throws InterruptedException {
    p.heap().getAndAddInt(GHOSTS, 1);
    p.heap().wake(GHOSTS, 2);
    p.heap().waitWhile(GHOSTS, 1, Duration.ofDays(1));
  }

  private static boolean hasPlace(SimulatedProcess p, long tag, int places) {
    for (int place = 0; place < places; place++) {
      long offset = TopicLayout.SUBSCRIBERS + (long) place * TopicLayout.SUBSCRIBER_LENGTH;
      if (p.heap().getLong(TOPIC + offset + TopicLayout.TAG) == tag) {
        return true;
      }
    }
    return false;
  }

  @Test
  void noTwoSubscribersGetTheSamePlace() {
    explore("places", comingAtOnce(2).kills(1).preemptions(Storm.count(1, 2)));
    explore("a place", comingAtOnce(1).kills(1).preemptions(Storm.count(1, 2)));
  }

  /** A publisher that makes room, which a dead subscriber keeps, while another comes. */
  private static Simulation comingWhileThePlaceOfADeadOneIsTakenAway() {
    return of(
        TopicSpec.of(1, Width.fixed(16)).subscribers(1),
        s -> {
          s.process("mortal", TopicSimulationTest::tryToSubscribe);
          s.survivor(
              "publisher",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                topic.tryPublish(new byte[16]);
                topic.tryPublish(new byte[16]);
                p.heap().putIntVolatile(GHOSTS, 1);
                p.heap().wake(GHOSTS, 1);
              });
          s.survivor(
              "subscriber",
              p -> {
                long tag = tryToSubscribe(p);
                p.heap().waitWhile(GHOSTS, 0, Duration.ofDays(1));
                assertTrue(tag == 0 || hasPlace(p, tag, 1), "taken away");
              });
        });
  }

  @Test
  void aPlaceOfADeadSubscriberIsNotTakenFromWhoHasItNow() {
    explore(
        "the place of a dead one",
        comingWhileThePlaceOfADeadOneIsTakenAway().kills(1).preemptions(Storm.count(1, 2)));
  }

  /** A publisher that makes room while somebody subscribes and another publishes. */
  private static Simulation comingWhileRoomIsMade() {
    return of(
        TopicSpec.of(1, Width.fixed(16)).subscribers(1),
        s -> {
          List<Integer> received = new ArrayList<>();
          s.survivor(
              "publisher",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                publish(p, topic, 1, 1);
                publish(p, topic, 2, 1);
              });
          s.survivor("subscriber", p -> subscribe(p, 0, received));
          s.survivor(
              "another",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                publish(p, topic, 3, 1);
                topic.shutdown();
              });
          s.check(p -> check(p, List.of(received)));
        });
  }

  @Test
  void whoComesWhileRoomIsMadeMissesNothing() {
    explore("coming", comingWhileRoomIsMade().preemptions(Storm.count(1, 2)));
  }

  /** Two publishers, the second of which overwrites as much as there is room for, and more. */
  private static Simulation overwritingAtOnce() {
    return of(
        TopicSpec.of(1, Width.fixed(16)).subscribers(1).overwriting(),
        s -> {
          List<Integer> received = new ArrayList<>();
          s.survivor("slow", p -> publish(p, Topic.at(p.heap(), TOPIC), 1, 0));
          s.survivor(
              "fast",
              p -> {
                Topic topic = Topic.at(p.heap(), TOPIC);
                for (int message = 2; message <= 4; message++) {
                  publish(p, topic, message, 0);
                }
                topic.shutdown();
              });
          s.survivor("subscriber", p -> subscribe(p, 0, received));
          s.check(p -> assertEquals(received.stream().distinct().toList(), received));
        });
  }

  @Test
  void whatIsBeingWrittenIsNotOverwritten() {
    explore("overwriting at once", overwritingAtOnce().preemptions(Storm.count(1, 2)));
  }
}
