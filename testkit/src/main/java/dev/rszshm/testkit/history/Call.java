package dev.rszshm.testkit.history;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operation: who called what and when, and what came back and when.
 *
 * <p>A call without a response is <em>pending</em>: its process died, or had not come back when the
 * history was taken. Nobody knows whether it had its effect.
 *
 * @param process the name of the caller
 * @param operation what was called, with its arguments: a value with {@code equals}
 * @param at the logical time of the call
 * @param response what came back, or nothing
 */
public record Call<O, R>(String process, O operation, long at, Optional<Response<R>> response) {

  /**
   * A call as given.
   *
   * @throws IllegalArgumentException if it returns before it is made
   */
  public Call {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(operation, "operation");
    if (response.isPresent() && response.get().at() < at) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s of %s is called at %d and returns at %d: a call returns after it is made",
              Notation.of(operation),
              process,
              at,
              response.get().at()));
    }
  }

  /** A call that returned. */
  public static <O, R> Call<O, R> returned(
      String process, O operation, long at, @Nullable R result, long returnedAt) {
    return new Call<>(process, operation, at, Optional.of(new Response<>(result, returnedAt)));
  }

  /** A call that has not returned. */
  public static <O, R> Call<O, R> pending(String process, O operation, long at) {
    return new Call<>(process, operation, at, Optional.empty());
  }

  /** Whether no response is known. */
  public boolean isPending() {
    return response.isEmpty();
  }

  /**
   * Whether this call, if it had the given result, would agree with what was observed: a pending
   * one agrees with every result. For {@link Model#step}.
   */
  public boolean mayReturn(@Nullable Object result) {
    return response.isEmpty() || Objects.equals(response.get().result(), result);
  }

  /** {@code p1 put(a, 1) = null}, or {@code p1 put(a, 1) pending}. */
  @Override
  public String toString() {
    return process
        + " "
        + Notation.of(operation)
        + (isPending() ? " pending" : " = " + Notation.of(response.get().result()));
  }
}
