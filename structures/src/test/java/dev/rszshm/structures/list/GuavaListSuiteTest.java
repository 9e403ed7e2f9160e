package dev.rszshm.structures.list;

import com.google.common.collect.testing.ListTestSuiteBuilder;
import com.google.common.collect.testing.TestStringListGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.ListFeature;
import dev.rszshm.structures.GuavaSuite;
import dev.rszshm.structures.StructureFixture;
import dev.rszshm.structures.codec.Codecs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guava's suite for lists: a shared list is one to which elements are added and in which they are
 * set. Not declared: removal and insertion (there are none), nulls (refused), serialization,
 * fail-fast iterators (they are weakly consistent).
 */
class GuavaListSuiteTest {
  private static StructureFixture fixture;

  @BeforeAll
  static void makeHeap() {
    fixture = new StructureFixture();
  }

  @AfterAll
  static void closeHeap() {
    fixture.close();
  }

  @TestFactory
  Stream<DynamicTest> aSharedListIsAListThatGrowsAtItsEnd() {
    return GuavaSuite.tests(
        ListTestSuiteBuilder.using(
                new TestStringListGenerator() {
                  @Override
                  protected List<String> create(String[] elements) {
                    SharedList.remove(fixture.allocator, "list");
                    SharedList<String> list =
                        SharedList.named(fixture.allocator, "list", Codecs.strings());
                    list.addAll(List.of(elements));
                    return list;
                  }
                })
            .named("SharedList")
            .withFeatures(
                CollectionSize.ANY,
                CollectionFeature.SUPPORTS_ADD,
                CollectionFeature.KNOWN_ORDER,
                ListFeature.SUPPORTS_SET)
            .createTestSuite());
  }
}
