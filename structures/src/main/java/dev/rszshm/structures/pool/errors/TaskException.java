package dev.rszshm.structures.pool.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * A task has thrown something in its worker. The object itself stays there: what comes is its type,
 * its message and its stack, as text.
 */
public final class TaskException extends HeapException {
  private static final long serialVersionUID = 1;

  private final String type;
  private final String text;
  private final String stack;

  /**
   * Makes an exception for what was thrown.
   *
   * @param type the name of its class
   * @param text its message
   * @param stack its stack, as it prints
   */
  public TaskException(String type, String text, String stack) {
    super("the task has thrown " + type + (text.isEmpty() ? "" : ": " + text));
    this.type = type;
    this.text = text;
    this.stack = stack;
  }

  /** Returns the name of the class of what was thrown. */
  public String type() {
    return type;
  }

  /** Returns the message of what was thrown; empty if it had none. */
  public String text() {
    return text;
  }

  /** Returns the stack of what was thrown, in the worker, as it prints. */
  public String stack() {
    return stack;
  }
}
