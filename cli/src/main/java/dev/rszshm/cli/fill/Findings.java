package dev.rszshm.cli.fill;

import dev.rszshm.heap.Heap;
import java.util.List;

/**
 * What the heap holds after the workers have ended, letters or a file.
 *
 * @param missing indices that nobody has written; of a file, the claims that differ from it
 * @param contradiction what else is wrong; null: nothing
 * @param letters the letters that were found; null: a file was loaded
 * @param heapDigest SHA-256 of the heap's bytes; null: letters
 * @param fileDigest SHA-256 of the file; null: letters
 */
record Findings(
    List<IndexRange> missing,
    String contradiction,
    Verification letters,
    String heapDigest,
    String fileDigest) {

  static Findings of(Heap heap, FillTask task, List<WorkerResult> results) {
    if (task.input() == null) {
      Verification found = Verification.of(heap, task.total());
      return new Findings(found.missing(), found.contradiction(results), found, null, null);
    }
    FileVerification found = FileVerification.of(heap, task);
    return new Findings(found.missing(), null, null, found.heapDigest(), found.fileDigest());
  }

  /** The bytes a worker has written; -1 if nobody can tell. */
  long bytesOf(WorkerResult result) {
    return letters == null ? result.bytes() : letters.count(result.letter());
  }
}
