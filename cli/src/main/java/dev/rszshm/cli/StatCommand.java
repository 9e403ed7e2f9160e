package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.allocator.AllocatorStatistics.SizeClassUse;
import dev.rszshm.cli.file.DataRanges;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rszshm stat}: what is in use in the allocator of a heap. */
@Command(
    name = "stat",
    description = {"Shows what the allocator of a heap has in use.", ""},
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm stat /dev/shm/jobs",
      "%nLength is what the file has, memory what it takes of the machine: large parts of the tables"
          + " and what was given back have none.",
      "%nExit status: 0, or 1 if there is no allocator, or 2 for wrong arguments"
    })
final class StatCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  StatCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    try (Heap heap = Opening.forReading(file);
        Allocator allocator = Heaps.allocator(heap)) {
      AllocatorStatistics s = allocator.statistics();
      long memory = DataRanges.memory(file, heap.length());
      if (json) {
        JsonLine.write(out, json(file, heap, s, memory, allocator.isChecking()));
        return 0;
      }
      line("length         %s", Amounts.bytes(s.length()));
      line("memory         %s", Amounts.bytes(memory));
      line("in blocks      %s", Amounts.bytes(s.used()));
      line(
          "chunks         %,d of 64 KiB, %,d empty, of which %,d without memory",
          s.chunks(), s.emptyChunks(), s.discardedChunks());
      line("fragmentation  %.0f %% of the chunks in use is in no block", 100 * s.fragmentation());
      line("roots          %,d", allocator.roots().size());
      line("growths        %,d", s.growths());
      line(
          "recovered      what %,d dead %s held",
          s.recoveredLanes(), s.recoveredLanes() == 1 ? "thread" : "threads");
      if (!s.classes().isEmpty() || s.largeBlocks() > 0) {
        line("");
        print(s);
      }
      return 0;
    }
  }

  private void print(AllocatorStatistics s) {
    Text.Table table = new Text.Table(">>>>>", "BLOCK", "IN USE", "OF", "FULL", "BYTES IN USE");
    for (SizeClassUse c : s.classes()) {
      table.add(
          String.format(Locale.ROOT, "%,d", c.size()),
          String.format(Locale.ROOT, "%,d", c.used()),
          String.format(Locale.ROOT, "%,d", c.capacity()),
          100 * c.used() / Math.max(1, c.capacity()) + " %",
          Amounts.shortBytes((double) c.size() * c.used()));
    }
    if (s.largeBlocks() > 0) {
      table.add(
          "longer",
          String.format(Locale.ROOT, "%,d", s.largeBlocks()),
          "",
          "",
          Amounts.shortBytes(s.largeBytes()));
    }
    table.print(out);
  }

  static Map<String, Object> json(
      Path file, Heap heap, AllocatorStatistics s, long memory, boolean checking) {
    return Json.object(
        "path", file.toString(),
        "length", s.length(),
        "span", heap.span(),
        "memory", memory,
        "used", s.used(),
        "metadata", s.metadata(),
        "chunks", s.chunks(),
        "emptyChunks", s.emptyChunks(),
        "discardedChunks", s.discardedChunks(),
        "reservedChunks", s.reservedChunks(),
        "fragmentation", s.fragmentation(),
        "growths", s.growths(),
        "recoveredLanes", s.recoveredLanes(),
        "checking", checking,
        "largeBlocks", s.largeBlocks(),
        "largeBytes", s.largeBytes(),
        "classes",
            s.classes().stream()
                .map(
                    c ->
                        Json.object(
                            "size", c.size(),
                            "slabs", c.slabs(),
                            "used", c.used(),
                            "capacity", c.capacity()))
                .toList());
  }
}
