package dev.rszshm.heap.internal.watch;

import dev.rszshm.heap.watch.HeapGrowth;
import dev.rszshm.heap.watch.HeapRecovery;
import dev.rszshm.heap.watch.OwnerDeath;
import dev.rszshm.heap.watch.SlowAllocation;
import dev.rszshm.heap.watch.SlowWait;
import java.nio.file.Path;
import jdk.jfr.Event;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of reports. Nobody calls it, so that its events are not loaded, where there is no
 * recorder ({@link Reports}).
 */
final class FlightRecording {
  private FlightRecording() {}

  /** Returns an event that has begun; null if it is not recorded. */
  static @Nullable Object begin(ReportKind kind) {
    Event event = event(kind);
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  /** Whether events of a kind are recorded. */
  static boolean records(ReportKind kind) {
    return event(kind).isEnabled();
  }

  private static Event event(ReportKind kind) {
    return switch (kind) {
      case GROWTH -> new GrowthEvent();
      case RECOVERY -> new RecoveryEvent();
      case WAIT -> new SlowWaitEvent();
      case ALLOCATION -> new SlowAllocationEvent();
      case OWNER_DEATH -> new OwnerDeathEvent();
    };
  }

  static void end(Object begun, HeapGrowth growth) {
    GrowthEvent event = (GrowthEvent) begun;
    event.from = growth.from();
    event.to = growth.to();
    commit(event, growth.heap());
  }

  static void end(Object begun, HeapRecovery recovery) {
    RecoveryEvent event = (RecoveryEvent) begun;
    event.lanes = recovery.lanes();
    commit(event, recovery.heap());
  }

  static void end(Object begun, SlowWait wait) {
    SlowWaitEvent event = (SlowWaitEvent) begun;
    event.offset = wait.offset();
    event.found = wait.found();
    commit(event, wait.heap());
  }

  static void end(Object begun, SlowAllocation allocation) {
    SlowAllocationEvent event = (SlowAllocationEvent) begun;
    event.length = allocation.length();
    event.allocated = allocation.allocated();
    commit(event, allocation.heap());
  }

  static void record(OwnerDeath death) {
    OwnerDeathEvent event = new OwnerDeathEvent();
    if (event.isEnabled()) {
      event.offset = death.offset();
      event.tag = death.tag();
      event.pid = death.pid().orElse(0);
      commit(event, death.heap());
    }
  }

  private static void commit(HeapEvent event, Path heap) {
    event.end();
    if (event.shouldCommit()) {
      event.heap = heap.toString();
      event.commit();
    }
  }
}
