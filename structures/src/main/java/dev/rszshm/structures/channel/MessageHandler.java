package dev.rszshm.structures.channel;

/** What is done with each message that is received where it is; see {@link Channel#receiveEach}. */
@FunctionalInterface
public interface MessageHandler {
  /**
   * Handles a message. Its bytes stay as they are until this method returns; copy what is needed
   * longer.
   *
   * @param offset the offset in the heap of the first byte; a multiple of 8, in a stream of 64
   * @param length the length of the message in bytes
   */
  void handle(long offset, int length);
}
