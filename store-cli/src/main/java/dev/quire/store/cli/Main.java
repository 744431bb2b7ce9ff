package dev.quire.store.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `quire`.
@Command(
    name = "quire",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "An embedded, ordered key-value store.",
    footer = {
      "",
      "\"quire COMMAND --help\" explains a command, with examples. An argument that begins with a",
      "dash is written after --.",
      "",
      "Exit codes: 0 done, 1 not found, 2 not understood, 3 store cannot be opened, is locked, or",
      "I/O failed, 4 store is damaged, 130 interrupted."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
public final class Main implements Callable<Integer> {

  /// The version as the jar's manifest says it.
  static final class Version implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"quire " + (version == null ? "(not packaged)" : version)};
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = StoreTarget.BACKEND_OPTION,
      paramLabel = "NAME",
      description = "Storage engine of the command: quire (unless given) or lmdb.")
  @SuppressWarnings("UnusedVariable") // StoreTarget asks picocli for it
  private @Nullable String backend;

  private Main() {}

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say which command: " + commands(spec.commandLine()));
  }

  /// Runs one command.
  static ExitCode run(Output output, List<String> arguments) {
    StoreCommand plain = PlainWords.find(output, arguments);
    if (plain != null) {
      try {
        return ExitCode.of(plain.call());
      } catch (Exception e) {
        return Failures.report(e, output);
      }
    }
    String first = firstWord(arguments);
    if (arguments.size() == 1 && ShellCommand.storeOf(first) != null) {
      return run(output, List.of("shell", first));
    }
    CommandLine line = line(output, first);
    return ExitCode.of(line.execute(arguments.toArray(String[]::new)));
  }

  /// The command with those below it.
  ///
  /// @param only the name of the one that is wanted; if there is none of that name, all are there
  static CommandLine line(Output output, String only) {
    CommandLine line = new CommandLine(new Main());
    CommandList.addTo(line, output, only);
    line.setExpandAtFiles(false);
    line.setUsageHelpWidth(100);
    line.getHelpSectionMap().remove(SECTION_KEY_COMMAND_LIST_HEADING);
    line.getHelpSectionMap().put(SECTION_KEY_COMMAND_LIST, _ -> CommandList.help(line));
    line.setOut(new PrintWriter(new OutputStreamWriter(output.data(), StandardCharsets.UTF_8)));
    line.setErr(new PrintWriter(new OutputStreamWriter(output.messages(), StandardCharsets.UTF_8)));
    line.setExecutionExceptionHandler((thrown, _, _) -> Failures.report(thrown, output).code());
    line.setParameterExceptionHandler((thrown, _) -> misunderstood(thrown, output).code());
    return line;
  }

  /// The first argument that is no option and no value of one; empty if there is none.
  private static String firstWord(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals(StoreTarget.BACKEND_OPTION)) {
        i++;
      } else if (!argument.startsWith("-")) {
        return argument;
      } else if (!argument.startsWith(StoreTarget.BACKEND_OPTION)) {
        return "";
      }
    }
    return "";
  }

  private static ExitCode misunderstood(ParameterException thrown, Output output) {
    output.message(messageOf(thrown));
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      suggest(unmatched, output);
    }
    String command = thrown.getCommandLine().getCommandSpec().qualifiedName(" ");
    output.message("\"" + command + " --help\" explains it");
    return ExitCode.USAGE;
  }

  private static void suggest(UnmatchedArgumentException thrown, Output output) {
    String first = thrown.getUnmatched().getFirst();
    CommandLine line = thrown.getCommandLine();
    List<String> near =
        first.startsWith("-")
            ? thrown.getSuggestions()
            : Near.of(first, line.getSubcommands().keySet());
    for (String suggestion : near) {
      output.message("did you mean " + suggestion + "?");
    }
  }

  private static String messageOf(ParameterException thrown) {
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      CommandLine line = thrown.getCommandLine();
      if (!first.startsWith("-") && !line.getSubcommands().isEmpty()) {
        return "there is no command \"" + first + "\"; there are: " + commands(line);
      }
    }
    return String.valueOf(thrown.getMessage());
  }

  private static String commands(CommandLine line) {
    return String.join(", ", line.getSubcommands().keySet());
  }

  /// Runs one command and exits with its code.
  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    ExitCode exitCode =
        words.equals(List.of(StartupTraining.ARGUMENT))
            ? StartupTraining.run()
            : run(Output.ofProcess(), words);
    System.exit(exitCode.code());
  }
}
