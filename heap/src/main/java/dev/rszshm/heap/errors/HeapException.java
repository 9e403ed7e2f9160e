package dev.rszshm.heap.errors;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The superclass of the exceptions that heaps throw. Each cause has a subclass of its own. Each
 * message says what was found, what was expected and what to do.
 */
public class HeapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public HeapException(String message) {
    super(message);
  }

  /** Makes an exception with a message for the user and the failure below it. */
  public HeapException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Returns the message for the user; there always is one. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /**
   * Returns a name of the cause for programs: the class name without {@code Exception}, in lower
   * case with hyphens, such as {@code address-taken}. It is the same in every version.
   */
  public final String kind() {
    String name = getClass().getSimpleName().replaceFirst("Exception$", "");
    return name.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=A)(?=Heap)", "-").toLowerCase(Locale.ROOT);
  }
}
