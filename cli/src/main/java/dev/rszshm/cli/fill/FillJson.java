package dev.rszshm.cli.fill;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.rszshm.cli.JsonLine;
import dev.rszshm.cli.fill.FillResult.Account;
import dev.rszshm.cli.worker.Progress;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** The report for programs: one line of JSON at the end. */
public final class FillJson implements FillReport {
  private final PrintStream out;
  private final PrintStream err;

  /** Reports to these. */
  public FillJson(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void begun(Path path, long address) {}

  @Override
  public Progress progress(Heap heap, long total) {
    return Progress.none();
  }

  @Override
  public void finished(FillResult result) {
    JsonLine.write(out, json -> write(json, result));
    result.problem().ifPresent(problem -> failed(problem.kind(), problem.text()));
  }

  private static void write(JsonGenerator json, FillResult result) throws IOException {
    json.writeStringField("path", result.path().toString());
    json.writeStringField("address", "0x" + Long.toHexString(result.address()));
    json.writeNumberField("bytes", result.task().total());
    json.writeArrayFieldStart("workers");
    for (Account account : result.workers()) {
      json.writeStartObject();
      json.writeStringField("letter", String.valueOf(account.result().letter()));
      json.writeNumberField("pid", account.result().pid());
      if (account.bytes() < 0) {
        json.writeNullField("bytes");
      } else {
        json.writeNumberField("bytes", account.bytes());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("seconds", result.seconds());
    json.writeNumberField("nsPerByte", result.nanosPerByte());
    json.writeBooleanField("verified", result.verified());
    if (result.workers().stream().anyMatch(account -> account.result().died())) {
      writeDead(json, result);
    }
    if (!result.missing().isEmpty()) {
      writeRanges(json, "missing", result.missing());
    }
    if (result.repair().isPresent()) {
      FillResult.Repair repair = result.repair().get();
      json.writeObjectFieldStart("repaired");
      json.writeStringField("letter", String.valueOf(repair.letter()));
      json.writeNumberField("bytes", IndexRange.length(repair.ranges()));
      writeRanges(json, "ranges", repair.ranges());
      json.writeEndObject();
    }
    if (result.digests().isPresent()) {
      FileVerification.Digests digests = result.digests().get();
      json.writeStringField("input", digests.path().toString());
      json.writeStringField("sha256", digests.heap());
      json.writeStringField("inputSha256", digests.file());
    }
  }

  private static void writeDead(JsonGenerator json, FillResult result) throws IOException {
    json.writeArrayFieldStart("died");
    for (Account account : result.workers()) {
      if (account.result().died()) {
        json.writeStartObject();
        json.writeStringField("letter", String.valueOf(account.result().letter()));
        json.writeNumberField("pid", account.result().pid());
        json.writeNumberField("status", account.result().status());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeRanges(JsonGenerator json, String name, List<IndexRange> ranges)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (IndexRange range : ranges) {
      json.writeStartObject();
      json.writeNumberField("from", range.from());
      json.writeNumberField("to", range.to());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  @Override
  public void failed(String kind, String message) {
    JsonLine.error(err, kind, message);
  }
}
