/** Locks, conditions, semaphores, barriers and events in a shared heap. */
module dev.rszshm.sync {
  requires transitive dev.rszshm.heap;
  requires static org.jspecify;

  exports dev.rszshm.sync;
  exports dev.rszshm.sync.errors;
  exports dev.rszshm.sync.internal to
      dev.rszshm.structures,
      dev.rszshm.allocator;
}
