package dev.rszshm.testkit.simulation;

/** What a simulated process does. */
@FunctionalInterface
public interface ProcessBody {
  /** Does it; the process ends when this returns, and the simulation has failed if it throws. */
  void run(SimulatedProcess process) throws Exception;
}
