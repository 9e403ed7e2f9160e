package dev.rszshm.structures.channel.errors;

import dev.rszshm.heap.errors.HeapException;

/** The server has answered a request with a failure; the message is the server's. */
public final class RequestFailedException extends HeapException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message for the user. */
  public RequestFailedException(String message) {
    super(message);
  }
}
