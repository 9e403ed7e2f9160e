package dev.rszshm.testkit.process;

import org.jspecify.annotations.Nullable;

/** A worker did something else than the test expects; the message holds all that it printed. */
public final class WorkerError extends AssertionError {
  private static final long serialVersionUID = 1L;

  /** What is wrong, without what the worker printed; all of the message if nobody parted it. */
  private final String brief;

  WorkerError(String message) {
    super(message);
    brief = message;
  }

  /** An error whose details others may show in another way. */
  WorkerError(String brief, String details) {
    super(brief + "\n" + details);
    this.brief = brief;
  }

  WorkerError(String message, @Nullable Throwable cause) {
    super(message, cause);
    brief = message;
  }

  String brief() {
    return brief;
  }

  boolean hasDetails() {
    return !brief.equals(getMessage());
  }
}
