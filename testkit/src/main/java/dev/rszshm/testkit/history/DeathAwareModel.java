package dev.rszshm.testkit.history;

/** A {@link Model} of an object on which the death of a process has an effect by itself. */
public interface DeathAwareModel<S, O, R> extends Model<S, O, R> {

  /**
   * The state after the death of a process. It takes effect at one instant of the time in which the
   * process died; with partitions, each of them meets it by itself.
   */
  S died(S state, String process);
}
