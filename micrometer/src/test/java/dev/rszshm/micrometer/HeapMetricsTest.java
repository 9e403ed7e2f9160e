package dev.rszshm.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a registry shows of a heap. */
@Timeout(300)
class HeapMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Heap heap = Heap.builder().span(64 << 20).createAnonymous();

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  @Test
  void gaugesFollowTheHeap() {
    try (heap) {
      new HeapMetrics(heap, Tags.of("job", "test")).bindTo(registry);
      heap.growTo(4 << 20);
      assertEquals(4 << 20, gauge("rszshm.heap.length"));
      assertEquals(64 << 20, gauge("rszshm.heap.span"));
      assertEquals(heap.growths(), registry.get("rszshm.heap.growths").functionCounter().count());
      assertEquals(
          1, registry.get("rszshm.heap.participants").tag("state", "live").gauge().value());
      assertEquals(
          0, registry.get("rszshm.heap.participants").tag("state", "dead").gauge().value());
      registry
          .getMeters()
          .forEach(
              meter -> {
                assertEquals(heap.path().toString(), meter.getId().getTag("heap"));
                assertEquals("test", meter.getId().getTag("job"));
              });
    }
  }

  @Test
  void reportsAreTimed() {
    try (heap) {
      new HeapMetrics(heap).bindTo(registry);
      heap.growTo(4 << 20);
      while (registry.get("rszshm.heap.growth").timer().count() == 0) {
        Thread.onSpinWait();
      }
      assertEquals(1, registry.get("rszshm.heap.growth").timer().count());
      assertEquals(0, registry.get("rszshm.heap.dropped.reports").counter().count());
    }
  }

  @Test
  void allocatorIsMeasured() {
    try (heap;
        Allocator allocator = Allocator.on(heap)) {
      allocator.allocate(1 << 20);
      new HeapMetrics(allocator).bindTo(registry);
      assertTrue(gauge("rszshm.allocator.used") >= 1 << 20);
      assertTrue(gauge("rszshm.allocator.fragmentation") < 1);
    }
  }

  @Test
  void metersGoWithTheHeap() {
    new HeapMetrics(heap).bindTo(registry);
    assertTrue(registry.getMeters().size() > 5);
    heap.close();
    while (!registry.getMeters().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThrows(IllegalStateException.class, () -> new HeapMetrics(heap).bindTo(registry));
    assertTrue(registry.getMeters().isEmpty());
  }

  @Test
  void metersGoWithTheirBinder() {
    try (heap;
        HeapMetrics metrics = new HeapMetrics(heap)) {
      metrics.bindTo(registry);
      metrics.close();
      assertTrue(registry.getMeters().isEmpty());
    }
  }
}
