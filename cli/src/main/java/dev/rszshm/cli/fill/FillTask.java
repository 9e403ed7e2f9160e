package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.worker.FileCheck;
import dev.rszshm.cli.worker.Letters;
import dev.rszshm.cli.worker.Workers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be filled, and how.
 *
 * @param options what the user wants, checked
 * @param total bytes to fill
 * @param claim bytes claimed at a time
 * @param input the file to load; empty: fill with letters
 */
public record FillTask(FillOptions options, long total, long claim, Optional<Path> input) {

  /** Names another main class of the workers; for tests. */
  private static final String MAIN_PROPERTY = "rszshm.fill.worker";

  /** Lets jnr-ffi generate code for system calls: slower to start, faster for a million calls. */
  private static final String FAST_CALLS = "-Djnr.ffi.asm.enabled=true";

  /** Bytes claimed at a time when a file is loaded and nobody says how many. */
  private static final long INPUT_CLAIM = 1 << 20;

  private static final long TOTAL = 4_194_276;
  private static final long MAX_CLAIM = (1L << 32) - 1;

  private static final long MAX_LENGTH = Long.MAX_VALUE >> 1;

  /** Room for header, tables and counters when the span is chosen to fit a large file. */
  private static final long LARGE_INPUT = 4L << 30;

  /**
   * Makes a task of what the user wants.
   *
   * @throws CommandException saying what cannot be done, and why
   */
  public static FillTask of(FillOptions wanted) {
    require("--workers", wanted.workers, Letters.COUNT, workersWhy());
    String file = wanted.input;
    boolean loading = file != null;
    if (loading && wanted.bytes != null) {
      throw CommandException.usage(
          "--bytes and --input exclude each other: the file says how many bytes there are");
    }
    if (loading && wanted.busy) {
      throw CommandException.usage(
          "--busy and --input exclude each other: a file is not loaded byte by byte");
    }
    long total = file != null ? FileCheck.lengthOf("--input ", file) : given(wanted.bytes, TOTAL);
    long claim = given(wanted.claim, loading ? INPUT_CLAIM : 1);
    if (!loading) {
      require("--bytes", total, MAX_LENGTH, "a fill has 1 to " + MAX_LENGTH + " bytes");
    }
    require("--claim", claim, MAX_CLAIM, "a claim has 1 to " + MAX_CLAIM + " bytes");
    require(
        "--initial",
        wanted.initial,
        MAX_LENGTH,
        "a heap begins with 1 to " + MAX_LENGTH + " bytes");
    Optional<Path> input = Optional.ofNullable(file).map(Path::of).map(Path::toAbsolutePath);
    FillTask task = new FillTask(wanted, total, claim, input);
    if (wanted.plain) {
      task.requirePlainIndex();
    }
    return task;
  }

  private static long given(@Nullable Long value, long standard) {
    return value == null ? standard : value;
  }

  private static String workersWhy() {
    return "1 to "
        + Letters.COUNT
        + " workers can fill a heap, since each writes a printable character of its own";
  }

  private static void require(String option, long given, long max, String why) {
    if (given < 1 || given > max) {
      throw CommandException.usage(option + " " + given + ": " + why);
    }
  }

  private void requirePlainIndex() {
    if (total >= FillLayout.PLAIN_INDEX_LIMIT - options.workers * claim) {
      throw CommandException.usage(
          String.format(
              Locale.ROOT,
              "%d bytes, and the claims of %d bytes by which %d workers may go beyond them, do not"
                  + " fit into a plain file: its index has 32 bits, so all together must stay below"
                  + " 4294967296. Leave out --plain, or fill less",
              total,
              claim,
              options.workers));
    }
  }

  /** Bytes of content to begin with. In a plain file the first page holds the header as well. */
  long initialLength(int headerLength) {
    return Math.max(
        options.plain ? options.initial - headerLength : options.initial,
        FillLayout.lengthBefore(options.plain));
  }

  /** The span that a large file needs; 0: the default will do. */
  long span() {
    return input.isEmpty() || total < LARGE_INPUT ? 0 : total + total / 8;
  }

  /** The workers that fill a heap, of which none is started yet. */
  Workers workers(Path heap) {
    return Workers.of(
        System.getProperty(MAIN_PROPERTY, FillWorker.class.getName()),
        options.busy ? List.of(FAST_CALLS) : List.of(),
        letter -> arguments(letter, heap).format());
  }

  private WorkerArguments arguments(char letter, Path heap) {
    return new WorkerArguments(letter, heap, total, claim, options.busy, input);
  }
}
