package dev.rszshm.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A script that lets fish complete commands and options; picocli has one for bash and zsh only. */
final class FishCompletion {
  private final String name;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String name) {
    this.name = name;
  }

  /** Returns the script for a command and its subcommands. */
  static String of(String name, CommandLine command) {
    FishCompletion completion = new FishCompletion(name);
    completion.addAll(command);
    return completion.script.toString();
  }

  private void addAll(CommandLine command) {
    script.append("# Completion of ").append(name).append(" for fish.\n");
    String first = "__fish_use_subcommand";
    add(first, "-f");
    for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
      CommandSpec spec = sub.getValue().getCommandSpec();
      add(first, "-a " + sub.getKey() + describe(spec.usageMessage().description()));
    }
    addOptions(first, command.getCommandSpec());
    for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
      String seen = "'__fish_seen_subcommand_from " + sub.getKey() + "'";
      CommandSpec spec = sub.getValue().getCommandSpec();
      addOptions(seen, spec);
      boolean takesFiles =
          spec.positionalParameters().stream().anyMatch(p -> isFile(p.auxiliaryTypes()[0]));
      if (!takesFiles) {
        add(seen, "-f");
      }
      Set<String> words = new LinkedHashSet<>();
      spec.positionalParameters()
          .forEach(
              parameter -> {
                if (parameter.completionCandidates() != null) {
                  parameter.completionCandidates().forEach(words::add);
                }
              });
      words.forEach(word -> add(seen, "-a " + quote(word)));
    }
    Set<String> commands = command.getSubcommands().keySet();
    add("'__fish_seen_subcommand_from help'", "-a " + quote(String.join(" ", commands)));
  }

  private void addOptions(String condition, CommandSpec spec) {
    for (OptionSpec option : spec.options()) {
      StringBuilder words = new StringBuilder();
      for (String each : option.names()) {
        words.append(words.isEmpty() ? "" : " ");
        words.append(each.startsWith("--") ? "-l " : "-s ").append(each.replaceFirst("^--?", ""));
      }
      if (option.arity().max() > 0) {
        words.append(isFile(option.auxiliaryTypes()[0]) ? " -r" : " -x");
      }
      add(condition, words + describe(option.description()));
    }
  }

  private static boolean isFile(Class<?> type) {
    return type == Path.class || type == File.class;
  }

  private static String describe(String[] lines) {
    return lines.length == 0 ? "" : " -d " + quote(lines[0]);
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void add(String condition, String words) {
    script.append("complete -c ").append(name).append(" -n ").append(condition);
    script.append(' ').append(words).append('\n');
  }
}
