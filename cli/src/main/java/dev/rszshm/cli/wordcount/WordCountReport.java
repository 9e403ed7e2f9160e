package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.Amounts;
import dev.rszshm.cli.JsonLine;
import dev.rszshm.cli.worker.Progress;
import dev.rszshm.structures.counters.CounterMap.Count;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Tells the user how a count goes, in text or as one line of JSON at the end. */
public final class WordCountReport {
  private static final double PERCENT = 100;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private volatile Progress progress = Progress.none();

  /** Reports to these. */
  public WordCountReport(PrintStream out, PrintStream err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  /** The workers are at work until the progress is closed. */
  Progress progress(LongSupplier done, long total) {
    progress = json ? Progress.none() : Progress.onTerminal(done, total);
    return progress;
  }

  /** The count was broken off. */
  void failed(String kind, String message) {
    progress.close();
    if (json) {
      JsonLine.error(err, kind, message);
    } else {
      err.println("rszshm wordcount: " + message);
      err.flush();
    }
  }

  /** The words are counted. */
  void finished(WordCountResult result) {
    if (json) {
      writeJson(result);
    } else {
      writeText(result);
    }
  }

  private void writeJson(WordCountResult result) {
    JsonLine.write(
        out,
        generator -> {
          generator.writeNumberField("words", result.words());
          generator.writeNumberField("distinct", result.distinct());
          generator.writeArrayFieldStart("top");
          for (Count<String> word : result.top()) {
            generator.writeStartArray();
            generator.writeString(word.key());
            generator.writeNumber(word.count());
            generator.writeEndArray();
          }
          generator.writeEndArray();
          generator.writeNumberField("seconds", result.seconds());
        });
  }

  private void writeText(WordCountResult result) {
    int width = 1;
    for (Count<String> word : result.top()) {
      width = Math.max(width, number(word.count()).length());
    }
    for (Count<String> word : result.top()) {
      out.printf(Locale.ROOT, "%" + width + "s  %s%n", number(word.count()), word.key());
    }
    out.printf(
        Locale.ROOT,
        "%s word%s, %s of them different, in %s%n",
        number(result.words()),
        result.words() == 1 ? "" : "s",
        number(result.distinct()),
        Amounts.bytes(result.bytes()));
    for (CountingWorker worker : result.workers()) {
      out.println(line(worker, result.bytes()));
    }
    out.printf(
        Locale.ROOT,
        "counted in %.3f s: %s/s (starting the workers took %.3f s more)%n",
        result.seconds(),
        Amounts.shortBytes(result.seconds() == 0 ? 0 : result.bytes() / result.seconds()),
        result.startSeconds());
    out.flush();
  }

  private static String line(CountingWorker worker, long total) {
    String name = "worker " + worker.name() + " (pid " + worker.pid() + ") ";
    return worker
        .death()
        .map(death -> name + "died: " + death + "; what it left was counted by others")
        .orElseGet(
            () ->
                String.format(
                    Locale.ROOT,
                    "%scounted %s, %.1f %%",
                    name,
                    Amounts.bytes(worker.bytes()),
                    total == 0 ? 0 : worker.bytes() * PERCENT / total));
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
