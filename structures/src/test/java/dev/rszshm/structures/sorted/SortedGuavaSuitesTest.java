package dev.rszshm.structures.sorted;

import com.google.common.collect.testing.ConcurrentNavigableMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringSortedMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import dev.rszshm.structures.GuavaSuite;
import dev.rszshm.structures.codec.Codecs;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guava's suites for sorted maps: a shared sorted map, and each of its views, is a {@link
 * java.util.concurrent.ConcurrentNavigableMap} with all optional operations. Not declared: nulls
 * (refused), serialization, fail-fast iterators (they are weakly consistent).
 */
class SortedGuavaSuitesTest {
  private static final SortedMapSpec<String, String> SPEC =
      SortedMapSpec.of(OrderedCodecs.strings(), Codecs.strings());

  private static SortedFixture fixture;
  private static int maps;

  @BeforeAll
  static void makeHeap() {
    fixture = new SortedFixture();
  }

  @AfterAll
  static void closeHeap() {
    fixture.close();
  }

  @TestFactory
  Stream<DynamicTest> aSharedSortedMapIsAConcurrentNavigableMap() {
    TestSuite suite =
        ConcurrentNavigableMapTestSuiteBuilder.using(
                new TestStringSortedMapGenerator() {
                  @Override
                  protected SortedMap<String, String> create(Map.Entry<String, String>[] entries) {
                    // One after the other, in one place: that is what the limit on roots allows.
                    if (maps > 0) {
                      SharedSortedMap.remove(fixture.allocator, "map", SPEC);
                    }
                    maps++;
                    SharedSortedMap<String, String> map =
                        SharedSortedMap.named(fixture.allocator, "map", SPEC);
                    for (Map.Entry<String, String> entry : entries) {
                      map.put(entry.getKey(), entry.getValue());
                    }
                    return map;
                  }
                })
            .named("SharedSortedMap")
            .withFeatures(
                CollectionSize.ANY,
                CollectionFeature.KNOWN_ORDER,
                MapFeature.GENERAL_PURPOSE,
                CollectionFeature.SUPPORTS_ITERATOR_REMOVE)
            .createTestSuite();
    return GuavaSuite.tests(suite);
  }
}
