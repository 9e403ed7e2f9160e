package dev.rszshm.testkit.history;

import java.util.Collection;

/**
 * A sequential specification: what an object does if its operations are called one after the other.
 *
 * <p>The general form looks at what was observed and says which states it can lead to. Use it if
 * the specification leaves a choice that is too large to list: an allocator may return any free
 * block. If the result follows from the state, implement {@link DeterministicModel}, which is
 * easier and explains failures better.
 *
 * <p>States are immutable, not null, and have {@code equals} and {@code hashCode}.
 *
 * @param <S> states
 * @param <O> operations with their arguments
 * @param <R> results
 */
public interface Model<S, O, R> {

  /** The state before the first call; with partitions, that of each of them. */
  S initial();

  /**
   * The states in which the object can be after this call, if it takes effect in the given state
   * and with the observed result, or with any result if it is pending; none if that cannot be. See
   * {@link Call#mayReturn}. The times of the call are not to be looked at.
   */
  Collection<S> step(S state, Call<O, R> call);

  /**
   * Which of several independent objects the operation is on, as a value with {@code equals}: of a
   * map the key. Each is then checked by itself, which is far quicker, and finds the same, since a
   * history is linearizable if and only if it is for each object. No operation may be on two of
   * them, and {@link #step} sees the state of one.
   *
   * <p>Unless told otherwise there is one object.
   */
  default Object partitionOf(O operation) {
    return "";
  }

  /** Says, for the text of a failure, why a call that has returned cannot come next. */
  default String objection(S state, Call<O, R> call) {
    return "the model does not allow this here";
  }
}
