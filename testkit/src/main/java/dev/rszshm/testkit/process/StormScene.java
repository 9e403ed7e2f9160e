package dev.rszshm.testkit.process;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a check finds between two kills of a {@link KillStorm}: the victim is dead and not replaced
 * yet, and the other workers go on, or {@linkplain KillStorm#checkAtRest rest}. At the end of the
 * storm all workers have ended by themselves, and there is no victim.
 */
public final class StormScene {
  private final int kills;
  private final int victim;
  private final int bystander;
  private final List<WorkerProcess> workers;

  StormScene(int kills, int victim, int bystander, List<WorkerProcess> workers) {
    this.kills = kills;
    this.victim = victim;
    this.bystander = bystander;
    this.workers = List.copyOf(workers);
  }

  /** How many have been killed so far. */
  public int kills() {
    return kills;
  }

  /** The index of the worker that has just died; empty at the end. */
  public OptionalInt victim() {
    return victim < 0 ? OptionalInt.empty() : OptionalInt.of(victim);
  }

  /** The index of the worker that is stopped at this time, if one is. */
  public OptionalInt bystander() {
    return bystander < 0 ? OptionalInt.empty() : OptionalInt.of(bystander);
  }

  /** The process id of a worker, dead or alive. */
  public long pid(int worker) {
    return workers.get(worker).pid();
  }
}
