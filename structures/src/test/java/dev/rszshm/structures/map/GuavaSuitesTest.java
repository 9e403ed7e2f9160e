package dev.rszshm.structures.map;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import dev.rszshm.structures.GuavaSuite;
import dev.rszshm.structures.codec.Codecs;
import java.util.Map;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guava's suites for maps: a shared map is a {@link java.util.concurrent.ConcurrentMap} with all
 * optional operations. Not declared: nulls (refused), a known order (there is none), serialization,
 * fail-fast iterators (they are weakly consistent).
 */
class GuavaSuitesTest {
  private static MapFixture fixture;
  private static int maps;

  @BeforeAll
  static void makeHeap() {
    fixture = new MapFixture();
  }

  @AfterAll
  static void closeHeap() {
    fixture.close();
  }

  @TestFactory
  Stream<DynamicTest> aSharedMapIsAConcurrentMap() {
    TestSuite suite =
        ConcurrentMapTestSuiteBuilder.using(
                new TestStringMapGenerator() {
                  @Override
                  protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                    // One after the other, in one place: that is what the limit on roots allows.
                    if (maps > 0) {
                      SharedMap.remove(fixture.allocator, "map", MapSpec.standard().withShards(2));
                    }
                    maps++;
                    SharedMap<String, String> map =
                        SharedMap.named(
                            fixture.allocator,
                            "map",
                            Codecs.strings(),
                            Codecs.strings(),
                            MapSpec.standard().withShards(2));
                    for (Map.Entry<String, String> entry : entries) {
                      map.put(entry.getKey(), entry.getValue());
                    }
                    return map;
                  }
                })
            .named("SharedMap")
            .withFeatures(
                CollectionSize.ANY,
                MapFeature.GENERAL_PURPOSE,
                CollectionFeature.SUPPORTS_ITERATOR_REMOVE)
            .createTestSuite();
    return GuavaSuite.tests(suite);
  }
}
