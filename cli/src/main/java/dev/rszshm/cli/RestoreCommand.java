package dev.rszshm.cli;

import dev.rszshm.cli.check.HeapCheck;
import dev.rszshm.cli.file.FileTrouble;
import dev.rszshm.cli.file.SparseCopy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.HeapInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm restore}: makes a heap of a snapshot. */
@Command(
    name = "restore",
    description = {
      "Makes a heap of a snapshot.",
      "",
      "It is the same heap under another name: same identity, and same address unless --at names"
          + " another. A process that has the original too needs another one. Offsets in the heap stay"
          + " right; addresses that C programs have stored in it do not.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm restore /var/backups/jobs /dev/shm/jobs",
      "  rszshm restore --at free /var/backups/jobs /dev/shm/jobs2",
      "%nExit status: 0, or 1 if it cannot be made, or 2 for wrong arguments"
    })
final class RestoreCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "a snapshot")
  private Path snapshot;

  @Parameters(index = "1", paramLabel = "HEAP", description = "the heap, which must not exist")
  private Path heap;

  @Option(names = "--force", description = "even if the snapshot is damaged")
  private boolean force;

  @Option(
      names = "--at",
      paramLabel = "ADDRESS",
      converter = NewAddress.Converter.class,
      description = "another address, such as 0x370000000000, or free for one that is")
  private @Nullable NewAddress at;

  RestoreCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    if (!Heaps.living(HeapInfo.of(snapshot)).isEmpty()) {
      return failed("in-use", snapshot + " is a heap in use, and no snapshot: see rszshm snapshot");
    }
    String verdict = HeapCheck.of(snapshot, Opening::forReading).verdict();
    if (verdict.equals("damaged") && !force) {
      return failed(
          "damaged", snapshot + " is damaged: rszshm check says how; --force restores it still");
    }
    long copied;
    try {
      copied = SparseCopy.copy(snapshot, heap, this::relocate);
    } catch (FileAlreadyExistsException e) {
      return failed("exists", FileTrouble.taken(heap, "rszshm rm it"));
    } catch (IOException e) {
      return failed("output", "there is no heap: " + FileTrouble.writing(heap, e));
    }
    if (json) {
      JsonLine.write(
          out,
          Json.object(
              "path",
              heap.toString(),
              "snapshot",
              snapshot.toString(),
              "copied",
              copied,
              "address",
              "0x" + Long.toHexString(HeapInfo.of(heap).address()),
              "verdict",
              verdict));
    } else {
      line("%s at 0x%x: %s, %s", heap, HeapInfo.of(heap).address(), Amounts.bytes(copied), verdict);
    }
    return 0;
  }

  private void relocate(Path unnamed) {
    if (at != null) {
      HeapBuilder builder = Heap.builder();
      at.scan().ifPresent(builder::scan);
      try {
        builder.relocate(unnamed);
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(e.getMessage());
      }
    }
  }
}
