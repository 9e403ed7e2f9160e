package dev.rszshm.testkit.simulation;

/** Hears of every step in words. */
interface Tracer {
  /** The death of a process, which no line of its code brings about. */
  String IS_KILLED = "is killed";

  /** A process stands still. */
  String IS_STOPPED = "is stopped";

  /** The end of a process that may still be killed there. */
  String ENDS = "ends";

  /** A step that a line of the process's code takes. */
  void step(SimulatedProcess process, String what);

  /** An access to a place in a file. */
  void access(SimulatedProcess process, String what, String place, boolean changes);

  /** What no line of the process's code brings about. */
  void event(SimulatedProcess process, String what);

  /** The last step was one after which a death leaves something else. */
  void effect();
}
