package dev.rszshm.structures.topic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.LaggedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random operations on a topic, and on a list with an index for each subscriber. */
class TopicModelTest {
  private static final int SUBSCRIBERS = 3;

  enum Action {
    PUBLISH,
    RECEIVE,
    SUBSCRIBE,
    LEAVE
  }

  record Step(Action action, int subscriber, int length) {}

  /** A subscription, and the index of the message that it should receive next. */
  private static final class Reader {
    final Subscription subscription;
    int next;

    Reader(Subscription subscription, int next) {
      this.subscription = subscription;
      this.next = next;
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Action> actions =
        Arbitraries.frequency(
            Tuple.of(6, Action.PUBLISH),
            Tuple.of(8, Action.RECEIVE),
            Tuple.of(2, Action.SUBSCRIBE),
            Tuple.of(1, Action.LEAVE));
    return Combinators.combine(
            actions,
            Arbitraries.integers().between(0, SUBSCRIBERS - 1),
            Arbitraries.integers().between(0, 128))
        .as(Step::new)
        .list()
        .ofMaxSize(200);
  }

  @Provide
  Arbitrary<Integer> depths() {
    return Arbitraries.integers().between(1, 5);
  }

  @Property(tries = 150)
  void aTopicIsAListWithAnIndexForEachSubscriber(
      @ForAll("steps") List<Step> steps, @ForAll("depths") int depth) {
    run(steps, TopicSpec.of(depth, Width.variable(128)), depth);
  }

  @Property(tries = 150)
  void anOverwritingTopicIsTheEndOfAList(
      @ForAll("steps") List<Step> steps, @ForAll("depths") int depth) {
    run(steps, TopicSpec.of(depth, Width.variable(128)).overwriting(), depth);
  }

  /** How many fit is not said: a publisher may find no room where a subscriber is behind. */
  @Property(tries = 150)
  void aStreamIsAListWithAnIndexForEachSubscriber(@ForAll("steps") List<Step> steps) {
    run(steps, TopicSpec.stream(1024), -1);
  }

  private static void run(List<Step> steps, TopicSpec spec, int depth) {
    try (Heap heap = Heap.builder().length(1 << 16).participants(2).createAnonymous()) {
      Topic topic = Topic.at(heap, heap.dataOffset() + 127 & -128L, spec);
      List<byte[]> published = new ArrayList<>();
      Reader[] readers = new Reader[SUBSCRIBERS];
      for (Step step : steps) {
        Reader reader = readers[step.subscriber];
        switch (step.action) {
          case PUBLISH -> {
            byte[] message = new byte[step.length];
            Arrays.fill(message, (byte) published.size());
            boolean expected = spec.isOverwriting() || lag(readers, published.size()) < depth;
            boolean done = topic.tryPublish(message);
            if (depth < 0) {
              assertTrue(done || lag(readers, published.size()) > 0);
            } else {
              assertEquals(expected, done);
            }
            if (done) {
              published.add(message);
            }
          }
          case RECEIVE -> {
            if (reader != null) {
              receive(reader, published, spec.isOverwriting() ? depth : Integer.MAX_VALUE);
            }
          }
          case SUBSCRIBE -> {
            if (reader == null) {
              readers[step.subscriber] = new Reader(topic.subscribe(), published.size());
            }
          }
          case LEAVE -> {
            if (reader != null) {
              reader.subscription.close();
              readers[step.subscriber] = null;
            }
          }
        }
      }
    }
  }

  private static int lag(Reader[] readers, int published) {
    int lag = 0;
    for (Reader reader : readers) {
      lag = reader == null ? lag : Math.max(lag, published - reader.next);
    }
    return lag;
  }

  private static void receive(Reader reader, List<byte[]> published, int kept) {
    int missed = published.size() - kept - reader.next;
    if (missed > 0) {
      LaggedException lagged = assertThrows(LaggedException.class, reader.subscription::tryReceive);
      assertEquals(missed, lagged.missed());
      reader.next += missed;
    }
    if (reader.next == published.size()) {
      assertTrue(reader.subscription.tryReceive().isEmpty());
    } else {
      assertArrayEquals(
          published.get(reader.next++), reader.subscription.tryReceive().orElseThrow());
    }
  }
}
