package dev.rszshm.structures.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * How tasks are run.
 *
 * @param policy what becomes of a task whose worker dies
 * @param timeout how long a task may take, with its wait for a worker; then it fails with a {@link
 *     java.util.concurrent.TimeoutException}, and its worker is interrupted. As long as the client
 *     lives that looks at the clock
 */
public record TaskOptions(TaskPolicy policy, Duration timeout) {
  /** Any time. */
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

  /** Checks that all is there. */
  public TaskOptions {
    Objects.requireNonNull(policy);
    Objects.requireNonNull(timeout);
  }

  /** Returns options with a policy, and any time. */
  public static TaskOptions of(TaskPolicy policy) {
    return new TaskOptions(policy, FOR_EVER);
  }

  /** Returns the same with a time. */
  public TaskOptions withTimeout(Duration time) {
    return new TaskOptions(policy, time);
  }

  boolean isRepeated() {
    return policy != TaskPolicy.AT_MOST_ONCE;
  }
}
