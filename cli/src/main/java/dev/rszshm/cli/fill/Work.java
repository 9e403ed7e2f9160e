package dev.rszshm.cli.fill;

/** What a worker does with bytes that are its own. */
public interface Work {
  /**
   * Writes the bytes from an index on, growing the heap if need be. If the process dies in it, any
   * part of them may have been written.
   */
  void write(long index, long length);
}
