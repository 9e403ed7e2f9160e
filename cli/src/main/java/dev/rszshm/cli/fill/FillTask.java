package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What is to be filled, and how.
 *
 * @param workers number of worker processes
 * @param total bytes to fill
 * @param claim bytes claimed at a time
 * @param initial bytes to begin with
 * @param path where the heap is to be made; null: in a directory of its own below /dev/shm
 * @param input the file to load; null: fill with letters
 * @param plain whether to make a plain file
 * @param busy whether workers make a system call for each byte
 * @param keep whether the heap stays
 * @param repair whether to fill what dead workers have left
 */
public record FillTask(
    int workers,
    long total,
    long claim,
    long initial,
    Path path,
    Path input,
    boolean plain,
    boolean busy,
    boolean keep,
    boolean repair) {

  /** Bytes claimed at a time when a file is loaded and nobody says how many. */
  private static final long INPUT_CLAIM = 1 << 20;

  private static final int WORKERS = 8;
  private static final long TOTAL = 4_194_276;
  private static final long INITIAL = 4096;
  private static final long CLAIM_LIMIT = (1L << 32) - 1;

  private static final long MOST = Long.MAX_VALUE >> 1;

  /** Room for header, tables and counters when the span is chosen to fit a large file. */
  private static final long LARGE_INPUT = 4L << 30;

  /**
   * Makes a task of what the user wants.
   *
   * @throws CommandException saying what cannot be done, and why
   */
  public static FillTask of(FillOptions wanted) {
    int workers = (int) checked("--workers", wanted.workers, WORKERS, Letters.COUNT, workersWhy());
    boolean loading = wanted.input != null;
    if (loading && wanted.bytes != null) {
      throw CommandException.usage(
          "--bytes and --input exclude each other: the file says how many bytes there are");
    }
    if (loading && wanted.busy) {
      throw CommandException.usage(
          "--busy and --input exclude each other: a file is not loaded byte by byte");
    }
    String bytesWhy = "a fill has 1 to " + MOST + " bytes";
    long total =
        loading
            ? FileCheck.lengthOf(wanted.input)
            : checked("--bytes", wanted.bytes, TOTAL, MOST, bytesWhy);
    long claim =
        checked(
            "--claim",
            wanted.claim,
            loading ? INPUT_CLAIM : 1,
            CLAIM_LIMIT,
            "a claim has 1 to " + CLAIM_LIMIT + " bytes");
    long initial =
        checked(
            "--initial",
            wanted.initial,
            INITIAL,
            MOST,
            "a heap begins with 1 to " + MOST + " bytes");
    FillTask task =
        new FillTask(
            workers,
            total,
            claim,
            initial,
            wanted.path,
            loading ? Path.of(wanted.input).toAbsolutePath() : null,
            wanted.plain,
            wanted.busy,
            wanted.keep,
            wanted.repair);
    if (task.plain) {
      task.requirePlainIndex();
    }
    return task;
  }

  private static String workersWhy() {
    return "1 to "
        + Letters.COUNT
        + " workers can fill a heap, since each writes a printable character of its own";
  }

  private static long checked(String option, Long given, long standard, long most, String why) {
    if (given == null) {
      return standard;
    }
    if (given < 1 || given > most) {
      throw CommandException.usage(option + " " + given + ": " + why);
    }
    return given;
  }

  private void requirePlainIndex() {
    if (total >= FillLayout.PLAIN_INDEX_LIMIT - workers * claim) {
      throw CommandException.usage(
          String.format(
              Locale.ROOT,
              "%d bytes, and the claims of %d bytes by which %d workers may go beyond them, do not"
                  + " fit into a plain file: its index has 32 bits, so all together must stay below"
                  + " 4294967296. Leave out --plain, or fill less",
              total,
              claim,
              workers));
    }
  }

  /** Bytes of content to begin with. In a plain file the first page holds the header as well. */
  long initialLength(int headerLength) {
    return Math.max(plain ? initial - headerLength : initial, FillLayout.lengthBefore(plain));
  }

  /** The span that a large file needs; 0: the default will do. */
  long span() {
    return input == null || total < LARGE_INPUT ? 0 : total + total / 8;
  }

  WorkerArguments arguments(char letter, Path heap) {
    return new WorkerArguments(letter, heap, total, claim, busy, input);
  }
}
