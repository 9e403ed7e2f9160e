package dev.rszshm.cli.fill;

import dev.rszshm.cli.worker.WorkerResult;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What the bytes of a filled heap are, each of them looked at once.
 *
 * @param counts how often each value occurs, by value without sign
 * @param missing the indices that hold zero
 */
@SuppressWarnings("ArrayRecordComponent") // a passing result, never compared
record Verification(long[] counts, List<IndexRange> missing) {
  private static final int PIECE_LENGTH = 1 << 20;
  private static final int VALUES = 256;

  static Verification of(Heap heap, long total) {
    FillLayout layout = FillLayout.of(heap);
    long there = Math.min(total, Math.max(0, heap.length() - layout.offset(0)));
    Verification found = new Verification(new long[VALUES], new ArrayList<>());
    byte[] piece = new byte[(int) Math.min(PIECE_LENGTH, there)];
    for (long index = 0; index < there; index += piece.length) {
      int length = (int) Math.min(piece.length, there - index);
      heap.getArray(layout.offset(index), piece, 0, length);
      found.count(piece, length, index);
    }
    if (there < total) {
      found.miss(there, total - 1);
    }
    return found;
  }

  /** Two tables, since the same value twice in a row would wait for its own count. */
  private void count(byte[] piece, int length, long index) {
    int[] even = new int[VALUES];
    int[] odd = new int[VALUES];
    for (int i = 0; i + 1 < length; i += 2) {
      even[piece[i] & 0xff]++;
      odd[piece[i + 1] & 0xff]++;
    }
    if ((length & 1) != 0) {
      even[piece[length - 1] & 0xff]++;
    }
    for (int value = 0; value < VALUES; value++) {
      counts[value] += even[value] + odd[value];
    }
    if (even[0] + odd[0] > 0) {
      findZeros(piece, length, index);
    }
  }

  private void findZeros(byte[] piece, int length, long index) {
    int from = 0;
    while (from < length) {
      if (piece[from] != 0) {
        from++;
        continue;
      }
      int to = from + 1;
      while (to < length && piece[to] == 0) {
        to++;
      }
      IndexRange.append(missing, index + from, index + to - 1);
      from = to;
    }
  }

  private void miss(long from, long to) {
    IndexRange.append(missing, from, to);
    counts[0] += to - from + 1;
  }

  long count(char letter) {
    return counts[letter];
  }

  /** What contradicts the workers' letters or their own accounts. */
  Optional<String> contradiction(List<WorkerResult> results) {
    long unknown = LongStream.of(counts).sum() - counts[0];
    for (WorkerResult result : results) {
      long found = count(result.letter());
      unknown -= found;
      if (result.bytes() >= 0 && result.bytes() != found) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "worker %c says it wrote %d bytes, but the heap holds %d of its letter",
                result.letter(),
                result.bytes(),
                found));
      }
    }
    return unknown == 0
        ? Optional.empty()
        : Optional.of(unknown + " bytes hold what no worker writes");
  }
}
