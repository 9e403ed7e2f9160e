package dev.rszshm.heap.internal.map;

/** How a span maps its file. */
public enum Mapping {
  /** Shared, for reading. */
  READING,

  /** Shared, for reading and writing. */
  WRITING,

  /** What is written stays in this process; pages that were not written are those of the file. */
  COPYING;

  /** Whether what is written is written into the file. */
  public boolean isWriting() {
    return this == WRITING;
  }

  /** Whether this process may write to the mapping. */
  public boolean isWritable() {
    return this != READING;
  }
}
