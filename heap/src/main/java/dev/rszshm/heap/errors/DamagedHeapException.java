package dev.rszshm.heap.errors;

/** The header contradicts itself or its checksum. */
public final class DamagedHeapException extends HeapException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public DamagedHeapException(String message) {
    super(message);
  }
}
