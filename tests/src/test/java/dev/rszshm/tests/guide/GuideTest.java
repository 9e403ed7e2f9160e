package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class GuideTest {
  @Test
  void everyExampleOfTheGuideIsCompiledAndRunHere() {
    List<String> examples = Guide.blocks("java");
    assertFalse(examples.isEmpty());
    String sources = Guide.sources();
    for (String example : examples) {
      assertTrue(
          sources.contains(Guide.flush(example).strip()), "not in this package:\n" + example);
    }
  }
}
