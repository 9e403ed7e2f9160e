package dev.rszshm.micrometer;

import dev.rszshm.heap.watch.HeapGrowth;
import dev.rszshm.heap.watch.HeapListener;
import dev.rszshm.heap.watch.HeapRecovery;
import dev.rszshm.heap.watch.OwnerDeath;
import dev.rszshm.heap.watch.SlowAllocation;
import dev.rszshm.heap.watch.SlowWait;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The meters of one heap in one registry; counts what is reported. */
final class BoundMeters implements HeapListener {
  final MeterRegistry registry;
  private final Collection<Meter> meters = new ConcurrentLinkedQueue<>();
  private final Timer growth;
  private final Timer recovery;
  private final Timer wait;
  private final Timer allocation;
  private final Counter ownerDeaths;
  private final Counter dropped;

  BoundMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.growth = timer("rszshm.heap.growth", "Growths by this process", tags);
    this.recovery = timer("rszshm.heap.recovery", "Recoveries of what dead participants had", tags);
    this.wait = timer("rszshm.heap.slow.wait", "Waits of 100 ms or longer", tags);
    this.allocation = timer("rszshm.heap.slow.allocation", "Allocations of 10 ms or longer", tags);
    this.ownerDeaths =
        counter("rszshm.heap.owner.deaths", "What was taken over from dead owners", tags);
    this.dropped = counter("rszshm.heap.dropped.reports", "Reports that are not counted", tags);
  }

  private Timer timer(String name, String description, Tags tags) {
    return add(Timer.builder(name).description(description).tags(tags).register(registry));
  }

  private Counter counter(String name, String description, Tags tags) {
    return add(Counter.builder(name).description(description).tags(tags).register(registry));
  }

  /** Notes a meter that is to be removed with the others. */
  <M extends Meter> M add(M meter) {
    meters.add(meter);
    return meter;
  }

  void remove() {
    meters.forEach(registry::remove);
  }

  @Override
  public void grown(HeapGrowth report) {
    growth.record(report.time());
  }

  @Override
  public void ownerDied(OwnerDeath report) {
    ownerDeaths.increment();
  }

  @Override
  public void recovered(HeapRecovery report) {
    recovery.record(report.time());
  }

  @Override
  public void waited(SlowWait report) {
    wait.record(report.time());
  }

  @Override
  public void allocatedSlowly(SlowAllocation report) {
    allocation.record(report.time());
  }

  @Override
  public void dropped(long reports) {
    dropped.increment((double) reports);
  }

  @Override
  public void closed(Path heap) {
    remove();
  }
}
