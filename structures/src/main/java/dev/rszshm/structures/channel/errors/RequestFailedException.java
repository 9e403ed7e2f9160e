package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/** Thrown if the server answers a request with a failure; the message is the server's. */
public final class RequestFailedException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Constructs an exception with a message for the user. */
  public RequestFailedException(String message) {
    super(message);
  }
}
