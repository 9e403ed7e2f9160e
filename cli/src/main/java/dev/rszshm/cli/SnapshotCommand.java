package dev.rszshm.cli;

import dev.rszshm.cli.check.HeapCheck;
import dev.rszshm.cli.file.FileTrouble;
import dev.rszshm.cli.file.PausedProcesses;
import dev.rszshm.cli.file.SparseCopy;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm snapshot}: a copy of a heap as it is at one instant. */
@Command(
    name = "snapshot",
    description = {
      "Copies a heap as it is at one instant.",
      "",
      "With nobody attached, it is copied. With --pause, all processes that are attached for writing"
          + " are stopped (SIGSTOP) while it is copied, and then sent on (SIGCONT). What they were"
          + " in the middle of is in the copy as if they had been killed: who attaches to the copy"
          + " recovers it, and nothing is lost. They notice nothing but the time, which is told. They"
          + " are sent on as well if this command is killed meanwhile.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm snapshot --pause /dev/shm/jobs /var/backups/jobs",
      "%nThe copy keeps the holes of the file. rszshm restore makes a heap of it again.",
      "%nExit status: 0, or 1 if there is no copy, or 2 for wrong arguments"
    })
final class SnapshotCommand extends Subcommand {
  private static final int TRIES = 5;
  private static final double NANOS_IN_MILLI = 1e6;

  @Parameters(index = "0", paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Parameters(index = "1", paramLabel = "FILE", description = "the copy, which must not exist")
  private Path copy;

  @Option(names = "--pause", description = "stop who is attached while the heap is copied")
  private boolean pause;

  SnapshotCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    HeapInfo info = HeapInfo.of(file);
    if (info.plain()) {
      return failed(
          "plain-file",
          file
              + " is a plain file, of which nobody can tell who writes: stop its programs, then"
              + " cp --sparse=always");
    }
    List<Participant> living = Heaps.living(info);
    if (!living.isEmpty() && !pause) {
      return failed(
          "in-use",
          file
              + " is in use by process "
              + living.stream().map(p -> p.pid() + "").collect(Collectors.joining(", "))
              + ": end it, or let it be stopped meanwhile with --pause");
    }
    long[] copied = {0};
    long nanos;
    try (PausedProcesses processes = new PausedProcesses()) {
      long start = System.nanoTime();
      copied[0] = copy(processes);
      nanos = System.nanoTime() - start;
    } catch (FileAlreadyExistsException e) {
      return failed("exists", FileTrouble.taken(copy, "remove it"));
    } catch (IOException e) {
      return failed("output", "there is no copy: " + said(e));
    }
    String verdict = HeapCheck.of(copy, Opening::forReading).verdict();
    double milliseconds = living.isEmpty() ? 0 : nanos / NANOS_IN_MILLI;
    if (json) {
      JsonLine.write(
          out,
          Json.object(
              "path",
              file.toString(),
              "copy",
              copy.toString(),
              "copied",
              copied[0],
              "paused",
              living.size(),
              "pausedMilliseconds",
              milliseconds,
              "verdict",
              verdict));
    } else {
      line("%s: copied %s, %s", copy, Amounts.bytes(copied[0]), verdict);
      if (!living.isEmpty()) {
        line("%d processes stood still for %.1f ms at most", living.size(), milliseconds);
      }
    }
    return 0;
  }

  /** Of a file, why it cannot be written; else what stands in the way, which is a sentence. */
  private String said(IOException e) {
    String message = e.getMessage();
    return message == null || e instanceof FileSystemException
        ? FileTrouble.writing(copy, e)
        : message;
  }

  private long copy(PausedProcesses processes) throws IOException {
    if (Files.exists(copy)) {
      throw new FileAlreadyExistsException(copy.toString());
    }
    for (int i = 0; i < TRIES; i++) {
      List<Participant> before = pauseAll(processes);
      if (before == null) {
        continue;
      }
      boolean[] same = {true};
      try {
        return SparseCopy.copy(
            file,
            copy,
            unnamed -> {
              same[0] = Heaps.living(HeapInfo.of(file)).equals(before);
              if (!same[0]) {
                throw new IOException("somebody has come or gone");
              }
            });
      } catch (IOException e) {
        if (same[0]) {
          throw e;
        }
      }
    }
    throw new IOException("processes come and go all the time: try again");
  }

  /** Stops all; null if somebody has come meanwhile. */
  private @Nullable List<Participant> pauseAll(PausedProcesses processes) throws IOException {
    List<Participant> living = Heaps.living(HeapInfo.of(file));
    long here = SystemCalls.host().identity().pidNamespace();
    for (Participant p : living) {
      if (p.process().pidNamespace() != here) {
        throw new IOException(
            "process "
                + p.pid()
                + " is in another pid namespace, such as a container: run this"
                + " command there, or end the process");
      }
      if (!pause) {
        throw new IOException("process " + p.pid() + " has attached meanwhile: say --pause");
      }
    }
    processes.pause(living.stream().map(Participant::pid).toList());
    return Heaps.living(HeapInfo.of(file)).equals(living) ? living : null;
  }
}
