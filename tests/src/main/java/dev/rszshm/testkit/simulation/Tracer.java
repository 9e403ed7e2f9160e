package dev.rszshm.testkit.simulation;

/** Hears of every step in words. */
interface Tracer {
  void step(SimulatedProcess process, String what);
}
