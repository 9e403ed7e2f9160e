package dev.rszshm.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A manual page, in the language of {@code man(7)}, made of what the help of a command is made of.
 * (The generator of picocli writes AsciiDoc, for which a second tool would have to be there.)
 */
final class ManPage {
  private final StringBuilder page = new StringBuilder();
  private boolean literal;

  private ManPage() {}

  /** Returns the page of a command. */
  static String of(String name, CommandLine command) {
    ManPage made = new ManPage();
    made.write(name, command);
    return made.page.toString();
  }

  private void write(String name, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    String[] description = spec.usageMessage().description();
    page.append(".TH ").append(name.toUpperCase(Locale.ROOT)).append(" 1 \"\" \"rszshm\"\n");
    section("name");
    page.append(name).append(" \\- ").append(escape(description[0])).append('\n');
    section("synopsis");
    CommandLine.Help help =
        new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(Ansi.OFF));
    page.append(".B ")
        .append(escape(help.synopsis(0).strip().replaceAll("\\s+", " ")))
        .append('\n');
    section("description");
    int first = description.length > 1 && description[1].isEmpty() ? 2 : 0;
    List<String> rest = List.of(description).subList(first, description.length);
    for (String paragraph : rest.stream().allMatch(String::isEmpty) ? List.of(description) : rest) {
      page.append(paragraph.isEmpty() ? ".PP\n" : escape(paragraph) + "\n");
    }
    if (!command.getSubcommands().isEmpty()) {
      section("commands");
      command
          .getSubcommands()
          .forEach((word, sub) -> item(word, sub.getCommandSpec().usageMessage().description()));
    }
    section("options");
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      item(parameter.paramLabel(), parameter.description());
    }
    for (OptionSpec option : spec.options()) {
      item(String.join(", ", option.names()) + label(option), option.description());
    }
    footer(spec);
  }

  private static String label(ArgSpec option) {
    return option.arity().max() == 0 ? "" : " " + option.paramLabel();
  }

  private void section(String title) {
    endLiteral();
    page.append(".SH ").append(title.toUpperCase(Locale.ROOT)).append('\n');
  }

  private void item(String term, String[] description) {
    page.append(".TP\n.B ").append(escape(term)).append('\n');
    page.append(escape(description.length == 0 ? "" : description[0])).append('\n');
  }

  /** A line that ends with a colon is a heading; others stand as they are. */
  private void footer(CommandSpec spec) {
    String text =
        String.format(Locale.ROOT, spec.usageMessage().footerHeading())
            + String.format(Locale.ROOT, String.join("%n", spec.usageMessage().footer()));
    for (String line : text.lines().toList()) {
      if (line.endsWith(":") && !line.startsWith(" ")) {
        section(line.substring(0, line.length() - 1));
      } else if (line.startsWith("Exit status: ")) {
        section("exit status");
        page.append(escape(line.substring("Exit status: ".length()))).append('\n');
      } else if (!line.isBlank()) {
        beginLiteral(line.startsWith(" "));
        page.append(escape(line.strip())).append('\n');
      }
    }
    endLiteral();
  }

  private void beginLiteral(boolean isLiteral) {
    if (isLiteral && !literal) {
      page.append(".nf\n");
    } else if (!isLiteral) {
      endLiteral();
      page.append(".PP\n");
    }
    literal = isLiteral;
  }

  private void endLiteral() {
    if (literal) {
      page.append(".fi\n");
    }
    literal = false;
  }

  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
