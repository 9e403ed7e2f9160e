package dev.rszshm.testkit.simulation;

/** Hears of every step in words. */
interface Tracer {
  void step(SimulatedProcess process, String what);

  /** The last step was one after which a death leaves something else. */
  void effect();
}
