package dev.rszshm.cli.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.worker.WorkerResult;
import dev.rszshm.heap.Heap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
  private static final int PIECE = 1 << 20;

  @TempDir Path directory;
  private Heap heap;
  private long first;

  @BeforeEach
  void makeHeap() {
    heap = Heap.builder().create(directory.resolve("heap"));
    first = FillLayout.of(heap).offset(0);
    heap.ensure(first + 3 * PIECE);
    heap.fill(first, 3 * PIECE, (byte) 'A');
  }

  @AfterEach
  void closeHeap() {
    heap.close();
  }

  @Test
  void rangesAreJoinedAcrossPieces() {
    heap.fill(first + PIECE - 2, 5, (byte) 0);
    heap.putByte(first + 7, (byte) 0);
    Verification found = Verification.of(heap, 2 * PIECE + 1);
    assertEquals("[7, " + (PIECE - 2) + "-" + (PIECE + 2) + "]", found.missing().toString());
    assertEquals(2 * PIECE + 1 - 6, found.count('A'));
  }

  @Test
  void whatLiesBeyondTheHeapIsMissing() {
    long there = heap.length() - first;
    heap.fill(first, there, (byte) 'A');
    Verification found = Verification.of(heap, there + 10);
    assertEquals(List.of(new IndexRange(there, there + 9)), found.missing());
  }

  @Test
  void foreignBytesAndWrongAccountsAreNoticed() {
    List<WorkerResult> results = List.of(WorkerResult.done('A', 1, 1000));
    assertEquals(Optional.empty(), Verification.of(heap, 1000).contradiction(results));
    heap.putByte(first + 999, (byte) 'Z');
    assertEquals(
        Optional.of("worker A says it wrote 1000 bytes, but the heap holds 999 of its letter"),
        Verification.of(heap, 1000).contradiction(results));
    assertEquals(
        Optional.of("1 bytes hold what no worker writes"),
        Verification.of(heap, 1000).contradiction(List.of(WorkerResult.done('A', 1, 999))));
  }

  @Test
  void byteWrittenBeforeIsAnErrorThatNamesItsIndex() {
    heap.fill(first, 100, (byte) 0);
    heap.putByte(first + 42, (byte) 'X');
    LetterWork work = new LetterWork(heap, 'B', null);
    CommandException e = assertThrows(CommandException.class, () -> work.write(0, 100));
    assertEquals("written-twice", e.kind());
    assertEquals(
        "the byte at index 42 holds 0x58 before worker B writes it, expected 0: somebody else has"
            + " written it",
        e.getMessage());
  }

  @Test
  void manyRangesAreCutInTextOnly() {
    List<IndexRange> ranges =
        LongStream.range(0, 23).mapToObj(i -> new IndexRange(i * 10, i * 10)).toList();
    assertEquals(
        "23 bytes are missing: indices 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130,"
            + " 140, 150, 160, 170, 180, 190 and 3 more ranges (--json shows all)",
        FillText.describeMissing(ranges));
    assertEquals(
        "1 byte is missing: index 5", FillText.describeMissing(List.of(new IndexRange(5, 5))));
  }
}
