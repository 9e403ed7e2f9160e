package dev.rszshm.cli.fill;

import dev.rszshm.cli.Amounts;
import dev.rszshm.cli.fill.FillResult.Account;
import dev.rszshm.cli.worker.Progress;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report for people. */
public final class FillText implements FillReport {
  private static final int RANGES_SHOWN = 20;
  private static final double PERCENT = 100;

  private final PrintStream out;
  private final PrintStream err;
  private volatile Progress progress = Progress.none();

  /** Reports to these. */
  public FillText(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void begun(Path path, long address) {
    out.printf(Locale.ROOT, "%s at 0x%x%n", path, address);
    out.flush();
  }

  @Override
  public Progress progress(Heap heap, long total) {
    progress = Progress.onTerminal(() -> FillLayout.of(heap).claimed(heap), total);
    return progress;
  }

  @Override
  public void finished(FillResult result) {
    long total = result.task().total();
    int width = Math.max("bytes".length(), String.format(Locale.ROOT, "%,d", total).length());
    out.printf(Locale.ROOT, "%-6s %8s %" + width + "s %8s%n", "letter", "pid", "bytes", "share");
    for (Account account : result.workers()) {
      out.println(line(account, total, width));
    }
    out.printf(
        Locale.ROOT,
        "%s by %d worker%s in %.3f s: %s/s, %.1f ns per byte%n",
        Amounts.bytes(total),
        result.workers().size(),
        result.workers().size() == 1 ? "" : "s",
        result.seconds(),
        Amounts.shortBytes(result.bytesPerSecond()),
        result.nanosPerByte());
    out.printf(Locale.ROOT, "(starting the workers took %.3f s more)%n", result.startSeconds());
    result
        .digests()
        .ifPresent(
            digests -> {
              out.println("SHA-256 of the heap: " + digests.heap());
              out.println("SHA-256 of the file: " + digests.file());
            });
    result.repair().ifPresent(repair -> describeRepair(result, repair));
    if (result.verified()) {
      out.println(verdict(result));
    }
    if (result.task().options().keep) {
      describeKept(result);
    }
    out.flush();
    result.problem().ifPresent(problem -> failed(problem.kind(), problem.text()));
  }

  private static String line(Account account, long total, int width) {
    String bytes = account.bytes() < 0 ? "?" : String.format(Locale.ROOT, "%,d", account.bytes());
    String share =
        account.bytes() < 0 || total == 0
            ? "-"
            : String.format(Locale.ROOT, "%.1f %%", account.bytes() * PERCENT / total);
    String end =
        account.result().died()
            ? "  died: " + account.result().describeStatus()
            : account.result().failed() ? "  failed" : "";
    return String.format(
        Locale.ROOT,
        "%-6c %8d %" + width + "s %8s%s",
        account.result().letter(),
        account.result().pid(),
        bytes,
        share,
        end);
  }

  private void describeRepair(FillResult result, FillResult.Repair repair) {
    for (Account account : result.workers()) {
      if (account.result().died()) {
        out.println(account.result().describeDeath());
      }
    }
    List<IndexRange> ranges = repair.ranges();
    out.println(
        ranges.isEmpty()
            ? "nothing had to be repaired"
            : String.format(
                Locale.ROOT,
                "repaired by another worker as %c: %s, %s",
                repair.letter(),
                Amounts.bytes(IndexRange.length(ranges)),
                describe(ranges)));
  }

  private static String verdict(FillResult result) {
    return result.digests().isEmpty()
        ? "verified: every byte was written exactly once"
        : "verified: the heap holds what the file holds";
  }

  /** The command line of ccan's example; a file that ends in unused bytes is cut first. */
  private static String countAgain(FillResult result) {
    long used = new FillLayout(true, FillLayout.PLAIN_HEADER_LENGTH).offset(result.task().total());
    boolean full = result.path().toFile().length() == used;
    String content =
        full
            ? "tail -c +29 " + result.path()
            : "head -c " + used + " " + result.path() + " | tail -c +29";
    return content + " | sed 's/./&\\n/g' | sort | uniq -c";
  }

  private void describeKept(FillResult result) {
    out.println("kept; rszshm info " + result.path() + " shows it, rszshm rm removes it");
    if (result.task().options().plain && result.digests().isEmpty()) {
      out.println("To count it again: " + countAgain(result));
    }
  }

  @Override
  public void failed(String kind, String message) {
    progress.close();
    err.println("rszshm fill: " + message);
    err.flush();
  }

  /** Says how many are missing and which, the first ranges only if there are many. */
  static String describeMissing(List<IndexRange> missing) {
    long length = IndexRange.length(missing);
    return String.format(
        Locale.ROOT,
        "%,d %s missing: %s",
        length,
        length == 1 ? "byte is" : "bytes are",
        describe(missing));
  }

  private static String describe(List<IndexRange> ranges) {
    String shown =
        ranges.stream()
            .limit(RANGES_SHOWN)
            .map(IndexRange::toString)
            .collect(Collectors.joining(", "));
    return (ranges.size() == 1 && ranges.get(0).length() == 1 ? "index " : "indices ")
        + shown
        + (ranges.size() > RANGES_SHOWN
            ? " and " + (ranges.size() - RANGES_SHOWN) + " more ranges (--json shows all)"
            : "");
  }
}
