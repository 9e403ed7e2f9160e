package dev.rszshm.cli;

import dev.rszshm.cli.top.Sample;
import dev.rszshm.cli.top.Screen;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm top}: a heap at work. */
@Command(
    name = "top",
    description = {
      "Watches a heap at work.",
      "",
      "It shows what is in use and how that changes, who is attached, what is in channels, and locks"
          + " that are held. Rates are differences: what comes and goes between two looks is not"
          + " seen. q quits.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rszshm top /dev/shm/jobs",
      "  rszshm top --once --json /dev/shm/jobs",
      "%nExit status: 0, or 1 if the heap cannot be read, or 2 for wrong arguments"
    })
final class TopCommand extends Subcommand {
  private static final long ONCE_MILLIS = 500;

  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Option(names = "--once", description = "look twice, half a second apart, tell, and end")
  private boolean once;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "time from one look to the next (default: 1)")
  private double interval = 1;

  @Option(names = "--count", paramLabel = "N", description = "end after so many looks")
  private long count = Long.MAX_VALUE;

  TopCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    if (!(interval >= 0.01 && interval <= 86_400) || count < 1) {
      throw CommandException.usage("--interval is from 0.01 to 86400 seconds, --count 1 or more");
    }
    try (Heap heap = Opening.forReading(file)) {
      if (once || json) {
        return tell(heap);
      }
      return dev.rszshm.cli.Terminal.isStandardOutput() ? watch(heap) : print(heap);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandException.FAILED;
    } catch (IOException e) {
      return failed(
          "terminal",
          "the terminal cannot be used: " + e.getMessage() + ": look once, with --once");
    }
  }

  private long millis() {
    return (long) (interval * 1000);
  }

  /** One line of JSON a look, or the lines of one look. */
  private int tell(Heap heap) throws InterruptedException {
    Sample before = Sample.of(heap, file);
    Screen screen = new Screen(file.toString());
    screen.lines(before, "");
    for (long i = 0; i < (once ? 1 : count); i++) {
      Thread.sleep(once ? ONCE_MILLIS : millis());
      Sample now = Sample.of(heap, file);
      if (json) {
        JsonLine.write(out, now.json(file.toString(), before));
      } else {
        screen.lines(now, problem()).forEach(out::println);
      }
      before = now;
      if (out.checkError()) {
        return CommandException.FAILED;
      }
    }
    return 0;
  }

  /** Without a terminal: look after look, one below the other. */
  private int print(Heap heap) throws InterruptedException {
    Screen screen = new Screen(file.toString());
    for (long i = 0; i < count && !out.checkError(); i++) {
      if (i > 0) {
        Thread.sleep(millis());
        out.println();
      }
      lines(screen, heap).forEach(out::println);
    }
    return 0;
  }

  private List<String> lines(Screen screen, Heap heap) {
    try {
      return screen.lines(Sample.of(heap, file), problem());
    } catch (HeapException e) {
      return List.of(Text.printable(file + "  cannot be read now: " + e.getMessage()));
    }
  }

  private String problem() {
    return Files.exists(file) ? "" : "(removed; this shows what those see who still have it)";
  }

  private int watch(Heap heap) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      Attributes before = terminal.enterRawMode();
      Display display = new Display(terminal, true);
      terminal.puts(Capability.enter_ca_mode);
      terminal.puts(Capability.cursor_invisible);
      try {
        Screen screen = new Screen(file.toString());
        NonBlockingReader keys = terminal.reader();
        for (long i = 0; i < count; i++) {
          Size size = terminal.getSize();
          display.resize(size.getRows(), size.getColumns());
          List<AttributedString> rows =
              lines(screen, heap).stream()
                  .limit(Math.max(1, size.getRows() - 1))
                  .map(AttributedString::new)
                  .map(row -> row.columnSubSequence(0, Math.max(1, size.getColumns() - 1)))
                  .toList();
          display.update(rows, 0);
          int key = keys.read(millis());
          if (key == 'q' || key == 3 || key == -1) {
            break;
          }
        }
      } finally {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.exit_ca_mode);
        terminal.setAttributes(before);
        terminal.flush();
      }
    }
    return 0;
  }
}
