package dev.rszshm.structures.queue;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import dev.rszshm.allocator.Allocator;
import dev.rszshm.structures.GuavaSuite;
import dev.rszshm.structures.codec.Codecs;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guava's suite for queues: a shared queue, and a deque, has all optional operations. Not declared:
 * nulls (refused, but may be asked for), serialization, fail-fast iterators (they are weakly
 * consistent).
 */
class QueueGuavaSuitesTest {
  private static QueueFixture fixture;

  @BeforeAll
  static void makeHeap() {
    fixture = new QueueFixture();
  }

  @AfterAll
  static void closeHeap() {
    fixture.close();
  }

  @TestFactory
  Stream<DynamicTest> aSharedQueueIsAQueue() {
    return suite(
        "SharedQueue",
        allocator -> {
          SharedQueue.remove(allocator, "queue");
          return SharedQueue.named(
              allocator, "queue", Codecs.strings(), QueueSpec.unbounded().withSegmentLength(256));
        });
  }

  @TestFactory
  Stream<DynamicTest> aSharedDequeIsAQueue() {
    return suite(
        "SharedDeque",
        allocator -> {
          SharedDeque.remove(allocator, "deque");
          return SharedDeque.named(allocator, "deque", Codecs.strings());
        });
  }

  private static Stream<DynamicTest> suite(String name, Function<Allocator, Queue<String>> maker) {
    TestSuite suite =
        QueueTestSuiteBuilder.using(
                new TestStringQueueGenerator() {
                  @Override
                  protected Queue<String> create(String[] elements) {
                    Queue<String> queue = maker.apply(fixture.allocator);
                    queue.addAll(List.of(elements));
                    return queue;
                  }
                })
            .named(name)
            .withFeatures(
                CollectionSize.ANY,
                CollectionFeature.GENERAL_PURPOSE,
                CollectionFeature.KNOWN_ORDER,
                CollectionFeature.ALLOWS_NULL_QUERIES)
            .createTestSuite();
    return GuavaSuite.tests(suite);
  }
}
