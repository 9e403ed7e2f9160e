package dev.rszshm.cli;

import dev.rszshm.cli.file.FileTrouble;
import dev.rszshm.heap.errors.HeapException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code rszshm}. */
@Command(
    name = "rszshm",
    description = "Makes, shows, checks, mends and removes heaps that many processes share.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      ListCommand.class,
      InfoCommand.class,
      RootsCommand.class,
      StatCommand.class,
      ParticipantsCommand.class,
      LocksCommand.class,
      TopCommand.class,
      MapCommand.class,
      DumpCommand.class,
      GetCommand.class,
      PutCommand.class,
      DropCommand.class,
      CheckCommand.class,
      RecoverCommand.class,
      CreateCommand.class,
      GrowCommand.class,
      TrimCommand.class,
      ShrinkCommand.class,
      SnapshotCommand.class,
      RestoreCommand.class,
      RmCommand.class,
      ReapCommand.class,
      BenchCommand.class,
      FillCommand.class,
      WordCountCommand.class,
      CompletionCommand.class,
      ManCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExit status:%n",
    footer = {
      "  0  done",
      "  1  something failed",
      "  2  the arguments cannot be used (130: interrupted)",
      "%nRSZSHM_DEBUG=1 in the environment adds stack traces to errors."
    })
public final class Main implements Callable<Integer> {
  private static final String DEBUG = "RSZSHM_DEBUG";
  private static final Class<?>[] STREAMS = {PrintStream.class, PrintStream.class};

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  private Main() {}

  /** Runs the command and ends the JVM with its exit status. */
  public static void main(String[] words) {
    System.exit(run(words, System.out, System.err));
  }

  /** Runs the command; returns its exit status. */
  static int run(String[] words, PrintStream out, PrintStream err) {
    boolean json = Arrays.asList(words).contains("--json");
    CommandLine line = new CommandLine(new Main(), new Factory(out, err));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Path.class, Main::path);
    line.setExecutionStrategy(
        parsed -> {
          if (!parsed.hasSubcommand() && !parsed.unmatched().isEmpty()) { // with --help as well
            throw new UnmatchedArgumentException(line, parsed.unmatched());
          }
          return new RunLast().execute(parsed);
        });
    line.setOut(new PrintWriter(out, true, Charset.defaultCharset()));
    line.setParameterExceptionHandler(
        (e, args) -> {
          String name = e.getCommandLine().getCommandSpec().qualifiedName();
          report(err, json, name, "usage", describe(e), e);
          return CommandException.USAGE;
        });
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          String name = command.getCommandSpec().qualifiedName();
          if (e instanceof CommandException failure) {
            report(err, json, name, failure.kind(), failure.getMessage(), e);
            return failure.status();
          }
          if (e instanceof HeapException failure) {
            report(err, json, name, failure.kind(), failure.getMessage(), e);
          } else {
            report(err, json, name, "internal", "unexpected: " + e, e);
          }
          return CommandException.FAILED;
        });
    int status = line.execute(words);
    line.getOut().flush();
    if (out.checkError()) {
      if (out == System.out && Terminal.isStandardOutputAPipe()) {
        return CommandException.NOBODY_READS;
      }
      report(
          err, json, "rszshm", "output", "the output could not be written, all or in part", null);
      return status == 0 ? CommandException.FAILED : status;
    }
    return status;
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(FileTrouble.noName(name, e));
    }
  }

  private static String describe(ParameterException e) {
    CommandLine line = e.getCommandLine();
    if (e instanceof UnmatchedArgumentException unmatched) {
      return describe(unmatched);
    } else if (line.getParent() == null && e.getValue() != null) { // of rszshm help
      return noCommand(line, e.getValue());
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return message + " (see --help)";
  }

  /** A word that is neither a command nor an option; the nearest that there is may be meant. */
  private static String describe(UnmatchedArgumentException e) {
    String word = e.getUnmatched().get(0);
    CommandLine line = e.getCommandLine();
    if (line.getParent() == null && !e.isUnknownOption()) {
      return noCommand(line, word);
    }
    return (e.isUnknownOption() ? "there is no option " : "it takes no argument ")
        + word
        + meant(word, e.isUnknownOption() ? line.getCommandSpec().optionsMap().keySet() : List.of())
        + " (see --help)";
  }

  private static String noCommand(CommandLine line, String word) {
    return "there is no command "
        + word
        + meant(word, line.getSubcommands().keySet())
        + " (rszshm --help lists the commands)";
  }

  private static String meant(String word, Collection<String> words) {
    List<String> nearest = Nearest.to(word, words);
    return nearest.isEmpty() ? "" : ". Did you mean " + String.join(" or ", nearest) + "?";
  }

  private static void report(
      PrintStream err,
      boolean json,
      String name,
      String kind,
      String message,
      @Nullable Exception e) {
    if (json) {
      JsonLine.error(err, kind, message);
    } else {
      err.println(name + ": " + message.replace('\n', ' '));
    }
    if (e != null && "1".equals(System.getenv(DEBUG))) {
      e.printStackTrace(err);
    }
    err.flush();
  }

  /** Without a command: the overview. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /** Gives the commands their streams. */
  private record Factory(PrintStream out, PrintStream err) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (Arrays.equals(constructor.getParameterTypes(), STREAMS)) {
          return type.cast(constructor.newInstance(out, err));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }

  /** Knows the version from the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "rszshm " + (version == null ? "(not built as a jar)" : version),
        "JDK " + System.getProperty("java.runtime.version")
      };
    }
  }
}
