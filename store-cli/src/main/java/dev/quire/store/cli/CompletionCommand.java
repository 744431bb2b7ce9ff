package dev.quire.store.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Print what makes a shell complete the commands and options of quire.",
    footer = {
      "",
      "Examples:",
      "  source <(quire completion bash)          # in ~/.bashrc, and of zsh in ~/.zshrc",
      "  quire completion fish > ~/.config/fish/completions/quire.fish"
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CompletionCommand extends StoreCommand {

  @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
  private String shell;

  CompletionCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    CommandLine all = Main.line(output(), "");
    switch (shell) {
      case "bash", "zsh" -> output().line(AutoComplete.bash("quire", all));
      case "fish" -> printFish(all);
      default ->
          throw new IllegalArgumentException("\"" + shell + "\": known are bash, zsh and fish");
    }
    return ExitCode.OK;
  }

  private void printFish(CommandLine all) {
    all.getSubcommands()
        .forEach(
            (name, command) -> {
              String[] lines = command.getCommandSpec().usageMessage().description();
              output()
                  .line(
                      "complete -c quire -n __fish_use_subcommand -f -a "
                          + name
                          + " -d "
                          + quoted(lines.length == 0 ? "" : lines[0]));
              for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.hidden()) {
                  output().line(fishOption(name, option));
                }
              }
            });
  }

  private static String fishOption(String command, OptionSpec option) {
    StringBuilder line = new StringBuilder("complete -c quire -n ");
    line.append(quoted("__fish_seen_subcommand_from " + command));
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
    }
    line.append(option.arity().max() > 0 ? " -r" : "");
    String[] description = option.description();
    return line + " -d " + quoted(description.length == 0 ? "" : description[0]);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
