package dev.rszshm.micrometer;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Binds meters of a heap to a registry of Micrometer.
 *
 * <pre>{@code
 * new HeapMetrics(allocator).bindTo(registry);   // until the heap is closed
 * }</pre>
 *
 * <p>All meters have the tag {@code heap}, which is the path of the heap. What they count begins
 * when they are bound, and is of this process, except where it says otherwise:
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>what it is</th></tr>
 * <tr><td>{@code rszshm.heap.length}</td><td>gauge: the length of the heap in bytes</td></tr>
 * <tr><td>{@code rszshm.heap.span}</td><td>gauge: what it can grow to, in bytes</td></tr>
 * <tr><td>{@code rszshm.heap.growths}</td><td>counter: growths by any process since the heap was made</td></tr>
 * <tr><td>{@code rszshm.heap.participants}</td><td>gauge, with the tag {@code state} that is {@code live} or {@code dead}: of all processes</td></tr>
 * <tr><td>{@code rszshm.heap.growth}</td><td>timer: growths by this process</td></tr>
 * <tr><td>{@code rszshm.heap.owner.deaths}</td><td>counter: what was taken over from dead owners</td></tr>
 * <tr><td>{@code rszshm.heap.recovery}</td><td>timer: recoveries of what dead participants had</td></tr>
 * <tr><td>{@code rszshm.heap.slow.wait}</td><td>timer: waits of 100 ms or longer</td></tr>
 * <tr><td>{@code rszshm.heap.slow.allocation}</td><td>timer: allocations of 10 ms or longer</td></tr>
 * <tr><td>{@code rszshm.heap.dropped.reports}</td><td>counter: reports that are missing in these</td></tr>
 * <tr><td>{@code rszshm.allocator.used}</td><td>gauge: bytes of all blocks in use, of all processes</td></tr>
 * <tr><td>{@code rszshm.allocator.fragmentation}</td><td>gauge: the part of the chunks in use that is in no block</td></tr>
 * </table>
 *
 * <p>The two of the allocator are there if an allocator was given; a read of them walks over its
 * tables, once a second at most. The meters are removed from their registries when the heap is
 * closed, shortly after that, or by {@link #close}.
 */
public final class HeapMetrics implements MeterBinder, AutoCloseable {
  private final Heap heap;
  private final @Nullable RecentStatistics statistics;
  private final Tags tags;
  private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();

  /** Makes a binder for a heap. */
  public HeapMetrics(Heap heap) {
    this(heap, List.of());
  }

  /** Makes a binder for a heap, whose meters have more tags. */
  public HeapMetrics(Heap heap, Iterable<Tag> tags) {
    this(heap, null, tags);
  }

  /** Makes a binder for an allocator and its heap. */
  public HeapMetrics(Allocator allocator) {
    this(allocator, List.of());
  }

  /** Makes a binder for an allocator and its heap, whose meters have more tags. */
  public HeapMetrics(Allocator allocator, Iterable<Tag> tags) {
    this(allocator.heap(), new RecentStatistics(allocator), tags);
  }

  private HeapMetrics(Heap heap, @Nullable RecentStatistics statistics, Iterable<Tag> tags) {
    this.heap = Objects.requireNonNull(heap, "heap");
    this.statistics = statistics;
    this.tags = Tags.of(tags).and("heap", heap.path().toString());
  }

  /**
   * Adds the meters to a registry.
   *
   * @throws IllegalStateException if the heap is closed
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    BoundMeters meters = new BoundMeters(registry, tags);
    boolean done = false;
    try {
      heap.addListener(meters);
      bound.add(meters);
      addFigures(meters);
      done = heap.isOpen(); // or it was closed before all were there
    } finally {
      if (!done) {
        meters.remove();
      }
    }
  }

  private void addFigures(BoundMeters meters) {
    gauge(meters, "rszshm.heap.length", "Length of the heap", "bytes", tags, Heap::length);
    gauge(meters, "rszshm.heap.span", "What the heap can grow to", "bytes", tags, Heap::span);
    gauge(
        meters,
        "rszshm.heap.participants",
        "Participants that live",
        null,
        tags.and("state", "live"),
        it -> it.participants().stream().filter(Participant::alive).count());
    gauge(
        meters,
        "rszshm.heap.participants",
        "Participants that have died and were not reclaimed yet",
        null,
        tags.and("state", "dead"),
        it -> it.participants().stream().filter(other -> !other.alive()).count());
    meters.add(
        FunctionCounter.builder("rszshm.heap.growths", heap, whileOpen(Heap::growths))
            .description("Growths by any process since the heap was made")
            .tags(tags)
            .register(meters.registry));
    RecentStatistics recent = statistics;
    if (recent != null) {
      gauge(
          meters,
          "rszshm.allocator.used",
          "Bytes of all blocks in use",
          "bytes",
          tags,
          it -> recent.get().used());
      gauge(
          meters,
          "rszshm.allocator.fragmentation",
          "Part of the chunks in use that is in no block",
          null,
          tags,
          it -> recent.get().fragmentation());
    }
  }

  private void gauge(
      BoundMeters meters,
      String name,
      String description,
      @Nullable String unit,
      Tags with,
      ToDoubleFunction<Heap> value) {
    meters.add(
        Gauge.builder(name, heap, whileOpen(value))
            .description(description)
            .baseUnit(unit)
            .tags(with)
            .strongReference(true)
            .register(meters.registry));
  }

  /** A heap that is closed, or is being closed, has no figures. */
  private static ToDoubleFunction<Heap> whileOpen(ToDoubleFunction<Heap> value) {
    return heap -> {
      try {
        return heap.isOpen() ? value.applyAsDouble(heap) : Double.NaN;
      } catch (IllegalStateException e) {
        if (heap.isOpen()) {
          throw e;
        }
        return Double.NaN;
      }
    };
  }

  /** Removes the meters from all registries to which they were added. */
  @Override
  public void close() {
    for (BoundMeters meters : bound) {
      heap.removeListener(meters);
      meters.remove();
    }
    bound.clear();
  }
}
