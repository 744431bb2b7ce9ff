package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// Goal: docs/CLI.md says what the commands say.
///
/// Method: everything behind the mark is made of the commands' help and compared. With
/// `-Dquire.write=true` it is written instead.
class CliDocTest {

  private static final Path PAGE = Path.of("../docs/CLI.md");
  private static final String MARK = "<!-- From here on the page is made by CliDocTest. -->\n";

  @Test
  void page_commands_areThoseOfTheProgram() throws IOException {
    String text = Files.readString(PAGE);
    int mark = text.indexOf(MARK) + MARK.length();
    assertTrue(mark >= MARK.length(), "no mark in " + PAGE);
    String made = made();
    if (Boolean.getBoolean("quire.write")) {
      Files.writeString(PAGE, text.substring(0, mark) + made);
    }
    assertEquals(
        made,
        Files.readString(PAGE).substring(mark),
        "docs/CLI.md is out of date; write it with -Dtest=CliDocTest -Dquire.write=true");
  }

  private static String made() {
    CommandLine all = Main.line(Ran.output(), "");
    StringBuilder text = new StringBuilder();
    for (CommandList.Group group : CommandList.groups()) {
      text.append("\n## ").append(group.heading()).append("\n");
      for (String name : group.commands().keySet()) {
        add(text, "quire " + name, all.getSubcommands().get(name));
      }
    }
    return text.toString();
  }

  private static void add(StringBuilder text, String title, CommandLine command) {
    List<String> lines = new ArrayList<>();
    command.setUsageHelpWidth(100);
    command
        .getUsageMessage(Ansi.OFF)
        .lines()
        .filter(line -> !line.matches("  -[hV], --(help|version) .*"))
        .forEach(line -> lines.add(line.stripTrailing()));
    text.append("\n### ").append(title).append("\n\n```text\n");
    text.append(String.join("\n", lines)).append("\n```\n");
    for (Map.Entry<String, CommandLine> below : command.getSubcommands().entrySet()) {
      add(text, title + " " + below.getKey(), below.getValue());
    }
  }

  @Test
  void completion_ofEachShell_hasCommandsAndOptions() {
    for (String shell : List.of("bash", "zsh", "fish")) {
      String text = quire("completion", shell).text();
      for (String word : List.of("histogram", "commit-every")) {
        assertTrue(text.contains(word), shell);
      }
    }
    quire("completion", "tcsh").assertFails(ExitCode.USAGE, "fish");
  }

  @Test
  void man_page_isTroff() {
    String page = quire("man", "get").text();
    assertTrue(page.startsWith(".TH QUIRE-GET 1\n.SH NAME\nquire\\-get \\- Print the value"), page);
    assertTrue(page.contains("\\-\\-raw"), page);
    assertTrue(quire("man").text().startsWith(".TH QUIRE 1\n"));
    quire("man", "gte").assertFails(ExitCode.USAGE, "did you mean \"get\"?");
  }
}
