package dev.rszshm.cli.fill;

import dev.rszshm.cli.worker.WorkerResult;
import dev.rszshm.heap.Heap;
import java.util.List;
import java.util.Optional;

/**
 * What the heap holds after the workers have ended, letters or a file.
 *
 * @param missing indices that nobody has written; of a file, the claims that differ from it
 * @param contradiction what else is wrong
 * @param letters the letters that were found, unless a file was loaded
 * @param digests those of the heap and the file, if one was loaded
 */
record Findings(
    List<IndexRange> missing,
    Optional<String> contradiction,
    Optional<Verification> letters,
    Optional<FileVerification.Digests> digests) {

  static Findings of(Heap heap, FillTask task, List<WorkerResult> results) {
    if (task.input().isPresent()) {
      FileVerification found = FileVerification.of(heap, task, task.input().get());
      return new Findings(
          found.missing(), Optional.empty(), Optional.empty(), Optional.of(found.digests()));
    }
    Verification found = Verification.of(heap, task.total());
    return new Findings(
        found.missing(), found.contradiction(results), Optional.of(found), Optional.empty());
  }

  /** The bytes a worker has written; -1 if nobody can tell. */
  long bytesOf(WorkerResult result) {
    return letters.map(found -> found.count(result.letter())).orElse(result.bytes());
  }
}
