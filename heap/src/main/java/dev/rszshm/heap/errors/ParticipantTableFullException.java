package dev.rszshm.heap.errors;

/** Thrown when every participant slot of a heap belongs to a process that is alive. */
public final class ParticipantTableFullException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public ParticipantTableFullException(String message) {
    super(message);
  }
}
