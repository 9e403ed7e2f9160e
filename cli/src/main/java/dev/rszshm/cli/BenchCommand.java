package dev.rszshm.cli;

import dev.rszshm.cli.bench.Bench;
import dev.rszshm.cli.bench.Work;
import dev.rszshm.cli.bench.Works;
import dev.rszshm.heap.errors.HeapException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm bench}: what a heap costs on this machine. */
@Command(
    name = "bench",
    description = {
      "Measures what a heap costs on this machine, in a minute.",
      "",
      "Each figure is a ratio to what the JDK has for the same in one JVM, measured in turn with it."
          + " The verdict compares it with the ratio that docs/COMMAND.md has: within a factor of"
          + " two is as expected; unsteady means that the machine did other things as well.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm bench --quick lock allocate",
      "%nExit status: 0, or 1 if something is slower than expected, or 2 for wrong arguments"
    })
final class BenchCommand extends Subcommand {
  @Parameters(paramLabel = "NAME", arity = "0..*", description = "what (default: all there is)")
  private List<String> names = List.of();

  @Option(names = "--quick", description = "in some seconds, less exact")
  private boolean quick;

  BenchCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    List<Work> works = chosen();
    if (!json) {
      line("%-10s %9s %9s %6s %9s  %s", "", "HERE", "JDK'S", "RATIO", "EXPECTED", "VERDICT");
    }
    boolean slower = false;
    for (Work work : works) {
      Bench.Figure figure;
      try {
        figure = new Bench(quick).measure(work);
      } catch (HeapException e) {
        throw e;
      } catch (Exception e) {
        return failed("bench", work.name() + " cannot be measured: " + e);
      }
      String verdict = figure.verdict(work.reference());
      slower |= verdict.equals("slower");
      report(work, figure, verdict);
    }
    return slower ? CommandException.FAILED : 0;
  }

  private List<Work> chosen() {
    List<Work> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          Works.all().stream()
              .filter(work -> work.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      CommandException.usage(
                          "there is no work "
                              + name
                              + "; there are "
                              + Works.all().stream()
                                  .map(Work::name)
                                  .collect(Collectors.joining(", ")))));
    }
    return chosen.isEmpty() ? Works.all() : chosen;
  }

  private void report(Work work, Bench.Figure figure, String verdict) {
    if (json) {
      JsonLine.write(
          out,
          Json.object(
              "name", work.name(),
              "what", work.what(),
              "peer", work.peer(),
              "nanos", figure.nanos(),
              "peerNanos", figure.peerNanos(),
              "ratio", figure.ratio(),
              "lowerQuartile", figure.lower(),
              "upperQuartile", figure.upper(),
              "expected", work.reference(),
              "verdict", verdict));
      return;
    }
    line(
        "%-10s %6.1f ns %6.1f ns %6.2f %9.2f  %s",
        work.name(), figure.nanos(), figure.peerNanos(), figure.ratio(), work.reference(), verdict);
    line("  %s; beside %s", work.what(), work.peer());
    out.flush();
  }
}
