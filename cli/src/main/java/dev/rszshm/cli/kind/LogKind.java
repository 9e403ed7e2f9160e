package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogReader;
import java.io.PrintStream;
import java.util.Optional;

/** Logs, of entries that are bytes here; the last ones are of most interest. */
final class LogKind extends StructureKind<RingLog<byte[]>> {
  LogKind() {
    super(64);
  }

  @Override
  RingLog<byte[]> open(Root root, long place) {
    return there(RingLog.find(root.allocator(), root.name()));
  }

  @Override
  Description describe(Root root, RingLog<byte[]> log) {
    long appended = log.appended();
    int kept = log.spec().entries();
    long there = log.size();
    return new Description(
        "log",
        "log of the last "
            + there
            + " of "
            + count(appended, "entry")
            + ", room for "
            + kept
            + ", codec "
            + FormatText.of(log.format()),
        FormatText.add(
            Json.object(
                "entries",
                there,
                "appended",
                appended,
                "room",
                (long) kept,
                "maxLength",
                (long) log.spec().maxLength()),
            "",
            log.format()));
  }

  /** Nothing is left to do by the dead: the next writer needs nothing of it. */
  @Override
  Verdict look(RingLog<byte[]> log) {
    return new Verdict(log.check().findings(), false);
  }

  @Override
  void dump(Root root, RingLog<byte[]> log, PrintStream out, int most) {
    long end = log.appended();
    long oldest = log.reader().position();
    long first = Math.max(oldest, end - most);
    if (first > oldest) {
      out.println("… and " + (first - oldest) + " before: --most says how many");
    }
    RingLogReader<byte[]> reader = log.readerFrom(first);
    while (reader.position() < end) {
      Optional<byte[]> entry = reader.poll();
      if (entry.isEmpty()) {
        return;
      }
      out.println((reader.position() - 1) + ": " + CodecText.of(log.format(), entry.get()));
    }
  }
}
