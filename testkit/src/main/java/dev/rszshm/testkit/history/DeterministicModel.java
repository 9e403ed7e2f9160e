package dev.rszshm.testkit.history;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Model} in which state and operation say what is returned: a sequential program. */
public interface DeterministicModel<S, O, R> extends Model<S, O, R> {

  /**
   * What the operation does and returns if it takes effect in this state.
   *
   * @param process who calls; most models do not ask
   * @return nothing, if it would have to wait, as one that acquires a lock that is held
   */
  Optional<Effect<S, R>> apply(S state, String process, O operation);

  /**
   * What an operation did.
   *
   * @param next the state after it
   * @param result what it returned, or null
   */
  record Effect<S, R>(S next, @Nullable R result) {}

  @Override
  default Collection<S> step(S state, Call<O, R> call) {
    return apply(state, call.process(), call.operation())
        .filter(effect -> call.mayReturn(effect.result()))
        .map(effect -> List.of(effect.next()))
        .orElse(List.of());
  }

  @Override
  default String objection(S state, Call<O, R> call) {
    return apply(state, call.process(), call.operation())
        .map(effect -> "it would return " + Notation.of(effect.result()) + " here")
        .orElse("it would have to wait here");
  }
}
