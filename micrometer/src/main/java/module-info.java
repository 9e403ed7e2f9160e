/** Meters of a shared heap, for Micrometer. */
module dev.rszshm.micrometer {
  requires transitive dev.rszshm.allocator;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports dev.rszshm.micrometer;
}
