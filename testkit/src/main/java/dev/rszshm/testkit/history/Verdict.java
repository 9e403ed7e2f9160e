package dev.rszshm.testkit.history;

import java.util.List;

/** What {@link Linearizability} has found out about a history. */
public sealed interface Verdict<O, R> {

  /** The verdict as text for a person, with a diagram. */
  String explanation();

  /** Whether it is certain that the history is linearizable. */
  default boolean isLinearizable() {
    return this instanceof Linearizable;
  }

  /**
   * The history is linearizable.
   *
   * @param history all of it
   * @param order the calls in an order that explains all results: every call that returned, and of
   *     the pending ones those that took effect, in this explanation
   */
  record Linearizable<O, R>(History<O, R> history, List<Call<O, R>> order)
      implements Verdict<O, R> {
    @Override
    public String explanation() {
      return Explanation.of(this);
    }
  }

  /**
   * The history is not linearizable.
   *
   * @param partition what of the object is wrong; see {@link Model#partitionOf}
   * @param history the calls on this partition
   * @param prefix the order of calls that gets furthest, or one of several
   * @param state the state of the model after them
   * @param refused the calls one of which would have to come next; the model allows none of them
   * @param by the logical time up to which no order explains all that has returned
   */
  record NotLinearizable<O, R>(
      Object partition,
      History<O, R> history,
      List<Call<O, R>> prefix,
      Object state,
      List<Refusal<O, R>> refused,
      long by)
      implements Verdict<O, R> {

    /**
     * A call that cannot come next.
     *
     * @param objection why not
     */
    public record Refusal<O, R>(Call<O, R> call, String objection) {}

    @Override
    public String explanation() {
      return Explanation.of(this);
    }
  }

  /**
   * It is not known, since the search came to its limit.
   *
   * @param partition where that was; no other partition was found wrong
   * @param history the calls on this partition
   * @param limit how many configurations the search was allowed
   */
  record Undecided<O, R>(Object partition, History<O, R> history, long limit)
      implements Verdict<O, R> {
    @Override
    public String explanation() {
      return Explanation.of(this);
    }
  }
}
