package dev.rszshm.cli.fill;

import dev.rszshm.cli.worker.WorkerResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
 * @param repair what was written instead of the dead
 * @param digests those of the heap and the file, if one was loaded
 * @param problem what is wrong, if anything is
 */
record FillResult(
    FillTask task,
    Path path,
    long address,
    List<Account> workers,
    double startSeconds,
    double seconds,
    List<IndexRange> missing,
    Optional<Repair> repair,
    Optional<FileVerification.Digests> digests,
    Optional<Problem> problem) {
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

  /**
   * What is wrong.
   *
   * @param kind for programs
   * @param text for people, in one line
   */
  record Problem(String kind, String text) {}

  boolean verified() {
    return problem.isEmpty();
  }

  double nanosPerByte() {
    return task.total() == 0 ? 0 : seconds * NANOS_PER_SECOND / task.total();
  }

  double bytesPerSecond() {
    return seconds == 0 ? 0 : task.total() / seconds;
  }
}
