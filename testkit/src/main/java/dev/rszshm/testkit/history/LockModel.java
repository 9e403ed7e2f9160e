package dev.rszshm.testkit.history;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A lock that is free at first, is held by a process, and is freed by the death of its holder. It
 * is not reentrant.
 *
 * <p>The holder is the process that a call names, so give calls and deaths the same names. Results:
 * of {@link Acquire} and {@link TryAcquire} an {@link Answer}, of {@link Release} null. Only the
 * holder may release.
 */
public final class LockModel
    implements DeterministicModel<LockModel.State, LockModel.Operation, LockModel.Answer>,
        DeathAwareModel<LockModel.State, LockModel.Operation, LockModel.Answer> {
  private final Answer afterDeath;

  private LockModel(Answer afterDeath) {
    this.afterDeath = afterDeath;
  }

  /** A lock that tells whoever acquires it next that its holder died, as POSIX's robust mutex. */
  public static LockModel robust() {
    return new LockModel(Answer.OWNER_DIED);
  }

  /** A lock that says nothing about the death of its holder, as a lock on a file. */
  public static LockModel silent() {
    return new LockModel(Answer.ACQUIRED);
  }

  /** What can be called. */
  public sealed interface Operation {}

  /** Waits until the lock is free, and takes it. */
  public record Acquire() implements Operation {}

  /** Takes the lock if it is free. */
  public record TryAcquire() implements Operation {}

  /** Frees the lock. */
  public record Release() implements Operation {}

  /** What an acquirer is told. */
  public enum Answer {
    /** It has the lock. */
    ACQUIRED,
    /** It has the lock, whose holder died. */
    OWNER_DIED,
    /** It has not got the lock: somebody holds it. */
    BUSY
  }

  /**
   * A state of the lock.
   *
   * @param holder who acquired it last and has not released it
   * @param dead who has died: not only a holder, since the call with which a process that died
   *     acquired the lock may take effect after its death
   */
  public record State(Optional<String> holder, Set<String> dead) {
    private boolean isHeld() {
      return holder.isPresent() && !dead.contains(holder.get());
    }

    private State heldBy(String process) {
      return new State(Optional.of(process), dead);
    }
  }

  @Override
  public State initial() {
    return new State(Optional.empty(), Set.of());
  }

  @Override
  public State died(State state, String process) {
    Set<String> dead = new HashSet<>(state.dead);
    dead.add(process);
    return new State(state.holder, Set.copyOf(dead));
  }

  @Override
  public Optional<Effect<State, Answer>> apply(State state, String process, Operation operation) {
    if (operation instanceof Release) {
      return state.holder.equals(Optional.of(process))
          ? Optional.of(new Effect<>(new State(Optional.empty(), state.dead), null))
          : Optional.empty();
    }
    if (state.isHeld()) {
      return operation instanceof TryAcquire
          ? Optional.of(new Effect<>(state, Answer.BUSY))
          : Optional.empty();
    }
    Answer answer = state.holder.isPresent() ? afterDeath : Answer.ACQUIRED;
    return Optional.of(new Effect<>(state.heldBy(process), answer));
  }

  @Override
  public String objection(State state, Call<Operation, Answer> call) {
    return call.operation() instanceof Release && !state.holder.equals(Optional.of(call.process()))
        ? call.process() + " does not hold the lock here"
        : DeterministicModel.super.objection(state, call);
  }
}
