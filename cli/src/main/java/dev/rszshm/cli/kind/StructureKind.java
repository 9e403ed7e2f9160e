package dev.rszshm.cli.kind;

import dev.rszshm.cli.check.Trouble.Severity;
import dev.rszshm.heap.errors.HeapException;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Structures that begin with the type of their root, and check themselves.
 *
 * @param <S> a handle of one
 */
abstract class StructureKind<S> implements Kind {
  /** What a structure says of itself; unsettled if somebody died in the middle of a change. */
  record Verdict(List<String> findings, boolean unsettled) {}

  /** Type, version and options; what is behind them is written when the structure is there. */
  private static final long HEADER_LENGTH = 64;

  private static final long MOST_LOOKED_AT = 1 << 16;

  private final long alignment;

  StructureKind(long alignment) {
    this.alignment = alignment;
  }

  /** Opens what is at a place of which the first word is right. */
  abstract S open(Root root, long place);

  /** Returns what was found by the name of a root, which nobody should have removed. */
  static <S> S there(Optional<S> found) {
    return found.orElseThrow(() -> new IllegalStateException("it was removed meanwhile"));
  }

  abstract Description describe(Root root, S structure);

  abstract Verdict look(S structure);

  abstract void dump(Root root, S structure, PrintStream out, int most);

  /** Opens what a root refers to, once it is known to be there. */
  final S open(Root root) {
    long place = root.place(alignment);
    long usable = root.allocator().usableSize(root.block());
    if (usable < root.entry().size() || root.length(alignment) < Long.BYTES) {
      throw new IllegalStateException(
          "its block has " + usable + " bytes, and the root says " + root.entry().size());
    }
    long found = root.heap().getLongAcquire(place);
    if (found != root.entry().type()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "offset %d holds 0x%x, expected 0x%x: nobody has finished making it, or somebody has"
                  + " written where they should not",
              place,
              found,
              root.entry().type()));
    }
    return open(root, place);
  }

  /**
   * Returns whether whoever made a structure has not come to the end of that: there is no type, and
   * nothing behind the header.
   */
  static boolean isUnfinished(Root root, long alignment) {
    long place = root.place(alignment);
    long length = Math.min(MOST_LOOKED_AT, root.length(alignment)) & -Long.BYTES;
    boolean unfinished = length >= Long.BYTES && root.heap().getLongAcquire(place) == 0;
    for (long i = HEADER_LENGTH; unfinished && i < length; i += Long.BYTES) {
      unfinished = root.heap().getLongAcquire(place + i) == 0;
    }
    return unfinished;
  }

  /** Says that a structure is unfinished, which is no damage. */
  static Finding unfinished(Root root, long alignment) {
    return new Finding(
        Severity.NOTE,
        root.place(alignment),
        "nobody has finished making it: the next one who finds it by its name does");
  }

  @Override
  public final Description describe(Root root) {
    return describe(root, open(root));
  }

  @Override
  public final List<Finding> check(Root root) {
    if (isUnfinished(root, alignment)) {
      return List.of(unfinished(root, alignment));
    }
    Verdict verdict = look(open(root));
    long place = root.place(alignment);
    if (verdict.unsettled && root.heap().isReadOnly()) {
      // What is being changed looks as if it were damaged.
      String text =
          "it was being changed when somebody died"
              + (verdict.findings.isEmpty() ? "" : ", so that this is no wonder: ")
              + String.join("; ", verdict.findings);
      return List.of(new Finding(Severity.RECOVERABLE, place, text));
    }
    return verdict.findings.stream().map(f -> new Finding(Severity.ERROR, place, f)).toList();
  }

  @Override
  public final Optional<String> recover(Root root) {
    if (isUnfinished(root, alignment)) {
      return Optional.empty(); // the next one who finds it by name knows how it is to be made
    }
    return look(open(root)).unsettled
        ? Optional.of("ended what somebody had begun")
        : Optional.empty();
  }

  @Override
  public final void dump(Root root, PrintStream out, int most) {
    try {
      dump(root, open(root), out, most);
    } catch (HeapException | IllegalStateException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalStateException("words that make no sense: " + e.getMessage(), e);
    }
  }

  /** Returns a number of things, in words. */
  static String count(long number, String one) {
    if (number == 1) {
      return number + " " + one;
    }
    return number + " " + (one.equals("entry") ? "entries" : one + "s");
  }

  /** Writes a line for each, up to so many. */
  static <T> void print(
      Iterator<? extends T> all, PrintStream out, int most, Function<? super T, String> line) {
    for (int shown = 0; all.hasNext(); shown++) {
      if (shown == most) {
        out.println("… and more: --most says how many");
        return;
      }
      out.println(line.apply(all.next()));
    }
  }
}
