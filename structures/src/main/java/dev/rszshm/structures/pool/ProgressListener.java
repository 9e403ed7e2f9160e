package dev.rszshm.structures.pool;

/** Is told how far work has come. */
@FunctionalInterface
public interface ProgressListener {
  /** Does nothing. */
  ProgressListener NONE = (done, total) -> {};

  /**
   * Is told that a part more is done. Called by the thread that waits for the work, between its
   * parts; what it throws ends the wait.
   *
   * @param done how much is done
   * @param total how much there is
   */
  void progress(long done, long total);
}
