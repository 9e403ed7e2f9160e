/** Blocks of a shared heap, references to them that survive a death, and names for them. */
module dev.rszshm.allocator {
  requires transitive dev.rszshm.heap;
  requires dev.rszshm.sync;
  requires static org.jspecify;

  exports dev.rszshm.allocator;
  exports dev.rszshm.allocator.errors;
  exports dev.rszshm.allocator.internal.settle to
      dev.rszshm.structures;
}
