package dev.rszshm.structures.channel;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.request.Request;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.topic.Subscription;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.function.Executable;

/** Whatever is written over a channel, its methods end, with an exception or without. */
class HostileWordsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * A word that is written somewhere, its place counted from 0 in the words after the first page.
   */
  record Blow(int place, long word) {}

  @Provide
  static Arbitrary<List<Blow>> blows() {
    Arbitrary<Long> headers =
        Combinators.combine(
                Arbitraries.longs().between(0, 7),
                Arbitraries.longs().between(0, 4),
                Arbitraries.longs().between(0, (1L << 28) - 1))
            .as((state, lap, length) -> state << 61 | lap << 28 | length);
    Arbitrary<Long> claims =
        Combinators.combine(
                Arbitraries.longs().between(0, 3), Arbitraries.longs().between(0, 1 << 24))
            .as((lap, granules) -> 1L << 61 | lap << 24 | granules);
    Arbitrary<Long> words =
        Arbitraries.oneOf(
            Arbitraries.longs(), headers, claims, Arbitraries.longs().between(-2, 1 << 12));
    Arbitrary<Integer> places =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(2, Arbitraries.of(0, 16)),
            net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(0, 600)),
            net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(0, 100_000)));
    return Combinators.combine(places, words).as(Blow::new).list().ofMinSize(1).ofMaxSize(12);
  }

  private static void strike(Heap heap, long offset, long bytes, List<Blow> blows) {
    for (Blow blow : blows) {
      long place = 128 + 8L * blow.place % (bytes - 128);
      heap.putLong(offset + place, blow.word);
    }
  }

  private static void attempt(Executable call) throws Throwable {
    try {
      call.execute();
    } catch (RuntimeException | TimeoutException expected) {
      // says what was found
    }
  }

  private static void use(Channel channel) throws Throwable {
    byte[] message = Kinds.message(channel.spec(), 5);
    attempt(channel::size);
    attempt(channel::remainingCapacity);
    for (int i = 0; i < 3; i++) {
      attempt(() -> channel.trySend(message));
      attempt(channel::tryReceive);
      attempt(() -> channel.tryReceive(new byte[3]));
      attempt(() -> channel.tryReceiveAll(3));
      attempt(() -> channel.tryReceiveEach(3, (at, length) -> channel.heap().getBytes(at, length)));
      attempt(
          () -> {
            Message taken = channel.tryTake().orElse(null);
            if (taken != null) {
              taken.toBytes();
              taken.close();
            }
          });
    }
    attempt(() -> Selector.of(channel).tryAwait());
    attempt(channel::isShutdown);
    attempt(channel::shutdown);
    attempt(channel::tryReceive);
  }

  @Property(tries = 150)
  void aChannelThatWasWrittenOverEndsEachCall(@ForAll("blows") List<Blow> blows)
      throws InterruptedException {
    for (ChannelSpec spec :
        List.of(
            ChannelSpec.of(3, Width.variable(20)),
            ChannelSpec.stream(1024),
            ChannelSpec.of(3, Width.variable(20)).acknowledged(),
            ChannelSpec.of(3, Width.variable(20)).singleSender().singleReceiver(),
            ChannelSpec.stream(1024).singleSender().singleReceiver())) {
      try (Heap heap = Kinds.heap()) {
        Channel channel = Kinds.channel(heap, spec);
        channel.send(Kinds.message(spec, 1));
        if (spec.isStream()) {
          channel.trySend(new byte[400]);
        }
        strike(heap, channel.offset(), spec.length(heap), blows);
        assertTimeoutPreemptively(PATIENCE, () -> use(channel));
      }
    }
  }

  /** Found by the property: a claim where the next message begins, which is of another lap. */
  @Example
  void aClaimOfAnotherLapAtTheHeadOfAChannelThatEndsIsDamage() throws InterruptedException {
    aChannelThatWasWrittenOverEndsEachCall(
        List.of(
            new Blow(561, 0x2000_0000_0300_0001L),
            new Blow(6, 545),
            new Blow(32, 1254),
            new Blow(0, 0x2000_0000_0100_0122L),
            new Blow(109, 0x2000_0000_0339_92b0L),
            new Blow(64, 0x8000_0000_4000_0002L),
            new Blow(1, 0x7fff_ffff_ffff_fffeL),
            new Blow(599, 0x7fff_ffff_ffff_ffffL)));
  }

  @Property(tries = 100)
  void aTopicThatWasWrittenOverEndsEachCall(
      @ForAll("blows") List<Blow> blows, @ForAll boolean overwriting) throws InterruptedException {
    TopicSpec plain = TopicSpec.of(3, Width.variable(20));
    TopicSpec spec = overwriting ? plain.overwriting() : plain;
    try (Heap heap = Kinds.heap()) {
      heap.ensure(Kinds.place(heap) + spec.length(heap));
      Topic topic = Topic.at(heap, Kinds.place(heap), spec);
      Subscription subscription = topic.subscribe();
      topic.publish(new byte[5]);
      strike(heap, topic.offset(), spec.length(heap), blows);
      assertTimeoutPreemptively(
          PATIENCE,
          () -> {
            for (int i = 0; i < 5; i++) {
              attempt(() -> topic.tryPublish(new byte[4]));
              attempt(subscription::tryReceive);
            }
            attempt(topic::subscribe);
            attempt(topic::subscribers);
            attempt(topic::shutdown);
          });
    }
  }

  @Property(tries = 100)
  void aRequestChannelThatWasWrittenOverEndsEachCall(@ForAll("blows") List<Blow> blows) {
    RequestSpec spec = RequestSpec.of(16, 16).depth(3).calls(2);
    try (Heap heap = Kinds.heap()) {
      heap.ensure(Kinds.place(heap) + spec.length(heap));
      RequestChannel requests = RequestChannel.at(heap, Kinds.place(heap), spec);
      strike(heap, requests.offset(), spec.length(heap), blows);
      assertTimeoutPreemptively(PATIENCE, () -> attempt(requests));
    } catch (Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }

  private static void attempt(RequestChannel requests) throws Throwable {
    for (int i = 0; i < 2; i++) {
      attempt(() -> requests.call(new byte[4], Duration.ofMillis(1)));
      attempt(
          () -> {
            Request request = requests.tryReceive().orElse(null);
            if (request != null) {
              request.reply(new byte[2]);
            }
          });
    }
    attempt(requests::shutdown);
  }
}
