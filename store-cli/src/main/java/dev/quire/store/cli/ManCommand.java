package dev.quire.store.cli;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Parameters;

@Command(
    name = "man",
    description = "Print a page of the manual, of quire or of a command, for the program man.",
    footer = {
      "",
      "Examples:",
      "  quire man get | man -l -",
      "  quire man > /usr/local/share/man/man1/quire.1",
      "",
      "docs/CLI.md has all of them."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ManCommand extends StoreCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "The command; quire itself unless given.")
  private @Nullable String name;

  ManCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    CommandLine line = Main.line(output(), "");
    String title = "quire";
    if (name != null) {
      CommandLine found = line.getSubcommands().get(name);
      if (found == null) {
        throw new IllegalArgumentException(
            "there is no command \""
                + name
                + "\""
                + Near.hint(name, line.getSubcommands().keySet()));
      }
      line = found;
      title = "quire-" + name;
    }
    output().line(page(title, line));
    return ExitCode.OK;
  }

  /// The page in the language of troff.
  static String page(String title, CommandLine line) {
    String[] description = line.getCommandSpec().usageMessage().description();
    StringBuilder page = new StringBuilder();
    page.append(".TH ").append(title.toUpperCase(Locale.ROOT)).append(" 1\n.SH NAME\n");
    page.append(escape(title)).append(" \\- ");
    page.append(escape(description.length == 0 ? "" : description[0])).append('\n');
    page.append(".SH DESCRIPTION\n.nf\n");
    List<String> lines = line.getUsageMessage(Ansi.OFF).lines().toList();
    for (String each : lines) {
      page.append(escape(each)).append('\n');
    }
    return page.append(".fi").toString();
  }

  private static String escape(String line) {
    String escaped = line.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
