package dev.rszshm.cli.fill;

import java.nio.file.Path;
import java.util.List;

/**
 * What came of a fill.
 *
 * @param task what was to be done
 * @param path the heap
 * @param address its address
 * @param workers how each worker ended, and how many bytes the heap has of it
 * @param startSeconds time from the first start of a worker until all were ready
 * @param seconds time from their release until the last one had finished
 * @param missing indices that nobody has written
 * @param repair what was written instead of the dead; null: nothing
 * @param heapDigest SHA-256 of the heap, when a file was loaded
 * @param fileDigest SHA-256 of the file, when one was loaded
 * @param problem what is wrong, in one line; null: all is right
 * @param problemKind the same for programs
 */
record FillResult(
    FillTask task,
    Path path,
    long address,
    List<Account> workers,
    double startSeconds,
    double seconds,
    List<IndexRange> missing,
    Repair repair,
    String heapDigest,
    String fileDigest,
    String problem,
    String problemKind) {
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * One worker.
   *
   * @param result how it ended
   * @param bytes how many bytes it wrote; -1: cannot be told
   */
  record Account(WorkerResult result, long bytes) {}

  /**
   * A repair.
   *
   * @param letter the letter it was made with
   * @param ranges what was written
   */
  record Repair(char letter, List<IndexRange> ranges) {}

  boolean verified() {
    return problem == null;
  }

  double nanosPerByte() {
    return task.total() == 0 ? 0 : seconds * NANOS_PER_SECOND / task.total();
  }

  double bytesPerSecond() {
    return seconds == 0 ? 0 : task.total() / seconds;
  }
}
