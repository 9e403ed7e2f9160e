package dev.rszshm.heap.errors;

/** Thrown when a system call fails for a reason that has no exception of its own. */
public final class SystemCallException extends HeapException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * Makes an exception for a failed call.
   *
   * @param call the call with its arguments, as a reader of {@code man 2} would write it
   * @param errno the error number it left
   * @param meaning the name and the text of the error number
   */
  public SystemCallException(String call, int errno, String meaning) {
    super(call + " failed: " + meaning);
    this.errno = errno;
  }

  /** Returns the error number of the call. */
  public int errno() {
    return errno;
  }
}
