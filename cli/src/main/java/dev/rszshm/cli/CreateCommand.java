package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm create}: makes a heap. */
@Command(
    name = "create",
    description = {"Makes a heap, with an allocator in it or without.", ""},
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm create --span 4GiB /dev/shm/jobs",
      "%nSizes may end in K, M, G, T or KiB, MiB, GiB, TiB, for powers of 1024.",
      "%nExit status: 0, or 1 if it cannot be made, or 2 for wrong arguments"
    })
final class CreateCommand extends Subcommand {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "must not exist (default: /dev/shm/rszshm_XXXXXX/0, a new directory)")
  private Path file;

  @Option(
      names = "--length",
      paramLabel = "SIZE",
      converter = Amounts.Converter.class,
      description = "how long it is at first (default: as short as can be)")
  private Long length;

  @Option(
      names = "--span",
      paramLabel = "SIZE",
      converter = Amounts.Converter.class,
      description = "how far it can grow (default: 64GiB)")
  private Long span;

  @Option(
      names = "--participants",
      paramLabel = "N",
      description = "how many processes can attach at a time (default: 256)")
  private Integer participants;

  @Option(names = "--checking", description = "the allocator puts guard bytes behind each block")
  private boolean checking;

  @Option(names = "--raw", description = "no allocator: the content is the program's own")
  private boolean raw;

  @Option(names = "--plain", description = "a file as ccan's rszshm makes")
  private boolean plain;

  CreateCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    if (checking && (raw || plain)) {
      throw CommandException.usage("--checking is of the allocator: leave --raw and --plain away");
    }
    HeapBuilder builder = Heap.builder().name("rszshm create");
    try {
      if (length != null) {
        builder.length(length);
      }
      if (span != null) {
        builder.span(span);
      }
      if (participants != null) {
        builder.participants(participants);
      }
      if (plain) {
        builder.plain();
      }
      make(builder);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
    return 0;
  }

  private void make(HeapBuilder builder) {
    try (Heap heap = file == null ? builder.create() : builder.create(file)) {
      boolean done = false;
      try {
        if (!raw && !plain) {
          (checking ? Allocator.checking(heap) : Allocator.on(heap)).close();
        }
        done = true;
      } finally {
        if (!done) {
          heap.remove();
        }
      }
      if (json) {
        JsonLine.write(
            out,
            Json.object(
                "path", heap.path().toString(),
                "length", heap.length(),
                "span", heap.span(),
                "address", "0x" + Long.toHexString(heap.address()),
                "allocator", !raw && !plain));
      } else {
        out.println(heap.path());
      }
    }
  }
}
