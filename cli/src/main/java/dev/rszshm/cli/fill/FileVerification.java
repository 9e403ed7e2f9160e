package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.file.FileTrouble;
import dev.rszshm.cli.worker.FileCheck;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * How a heap compares with the file that was loaded into it.
 *
 * @param digests SHA-256 of both
 * @param missing the claims in which they differ
 */
record FileVerification(Digests digests, List<IndexRange> missing) {
  private static final int PIECE_LENGTH = 1 << 20;

  /**
   * The digests of a heap and of the file that was loaded into it, in hexadecimal.
   *
   * @param path the file
   * @param heap SHA-256 of the heap's bytes
   * @param file SHA-256 of the file
   */
  record Digests(Path path, String heap, String file) {}

  static FileVerification of(Heap heap, FillTask task, Path file) {
    Bytes inHeap = heapBytes(heap, task.total());
    CompletableFuture<String> other =
        CompletableFuture.supplyAsync(() -> digest(inHeap, task.total()));
    String fileDigest;
    String heapDigest;
    try (InputStream in = Files.newInputStream(file)) {
      fileDigest = digest(fileBytes(file, in), task.total());
      heapDigest = other.join();
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    FileCheck.requireLength(file, task.total());
    List<IndexRange> missing =
        heapDigest.equals(fileDigest) ? List.of() : differences(inHeap, task, file);
    return new FileVerification(new Digests(file, heapDigest, fileDigest), missing);
  }

  private static List<IndexRange> differences(Bytes inHeap, FillTask task, Path file) {
    List<IndexRange> found = new ArrayList<>();
    byte[] mine = new byte[PIECE_LENGTH];
    byte[] theirs = new byte[PIECE_LENGTH];
    try (InputStream in = Files.newInputStream(file)) {
      Bytes inFile = fileBytes(file, in);
      for (long index = 0; index < task.total(); index += PIECE_LENGTH) {
        int length = (int) Math.min(PIECE_LENGTH, task.total() - index);
        inHeap.read(index, mine, length);
        inFile.read(index, theirs, length);
        appendDifferences(found, mine, theirs, index, length, task);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return found;
  }

  /** Goes from difference to difference, each time to the end of the claim in which it lies. */
  private static void appendDifferences(
      List<IndexRange> found, byte[] mine, byte[] theirs, long index, int length, FillTask task) {
    int start = 0;
    while (start < length) {
      int differing = Arrays.mismatch(mine, start, length, theirs, start, length);
      if (differing < 0) {
        return;
      }
      long first = index + start + differing;
      long claimStart = first - first % task.claim();
      long claimEnd = Math.min(claimStart + task.claim(), task.total());
      long known = found.isEmpty() ? -1 : found.get(found.size() - 1).to();
      if (claimEnd - 1 > known) {
        IndexRange.append(found, claimStart, claimEnd - 1);
      }
      start = (int) Math.min(length, claimEnd - index);
    }
  }

  private static String digest(Bytes bytes, long total) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    byte[] piece = new byte[(int) Math.min(PIECE_LENGTH, total)];
    for (long index = 0; index < total; index += piece.length) {
      int length = (int) Math.min(piece.length, total - index);
      bytes.read(index, piece, length);
      digest.update(piece, 0, length);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The bytes of the heap; zeros beyond its end, which is where nobody has come to. */
  private static Bytes heapBytes(Heap heap, long total) {
    FillLayout layout = FillLayout.of(heap);
    long there = Math.min(total, Math.max(0, heap.length() - layout.offset(0)));
    return (index, into, length) -> {
      int present = (int) Math.max(0, Math.min(length, there - index));
      if (present > 0) {
        heap.getArray(layout.offset(index), into, 0, present);
      }
      Arrays.fill(into, present, length, (byte) 0);
    };
  }

  private static Bytes fileBytes(Path path, InputStream in) {
    return (index, into, length) -> {
      int read;
      try {
        read = in.readNBytes(into, 0, length);
      } catch (IOException e) {
        throw unreadable(path, e);
      }
      if (read < length) {
        throw FileCheck.changed(path, index + read, index + length);
      }
    };
  }

  private static CommandException unreadable(Path path, IOException e) {
    return CommandException.failed("input", FileTrouble.reading(path, e));
  }

  /** Bytes that are read from the first to the last. */
  private interface Bytes {
    void read(long index, byte[] into, int length);
  }
}
