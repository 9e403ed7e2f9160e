package dev.rszshm.cli;

import dev.rszshm.heap.errors.HeapException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What most commands have in common: where they write, JSON, and how they say what went wrong. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
abstract class Subcommand implements Callable<Integer> {
  final PrintStream out;
  final PrintStream err;

  @Option(names = "--json", description = "JSON, one object a line; errors as well")
  boolean json;

  Subcommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Does the work; returns the exit status. */
  abstract int run();

  @Override
  public Integer call() {
    try {
      return run();
    } catch (HeapException e) {
      return failed(e.kind(), e.getMessage());
    } catch (InternalError e) {
      // What the JVM makes of a page that is in the mapping and not in the file any more.
      if (String.valueOf(e.getMessage()).contains("unsafe memory access")) {
        return failed(
            "truncated", "the file was truncated while it was read: look at what is left of it");
      }
      throw e;
    }
  }

  /** Says what went wrong; returns the exit status for that. */
  final int failed(String kind, @Nullable String message) {
    String said = String.valueOf(message);
    if (json) {
      JsonLine.error(err, kind, said);
    } else {
      String name = getClass().getAnnotation(Command.class).name();
      err.println("rszshm " + name + ": " + Text.printable(said.replace('\n', ' ')));
    }
    err.flush();
    return CommandException.FAILED;
  }

  final void line(String format, Object... values) {
    out.println(String.format(java.util.Locale.ROOT, format, values));
  }
}
