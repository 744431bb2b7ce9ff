package dev.quire.store.cli;

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
    commandListHeading = "%nCommands:%n",
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
    CommandLine line = new CommandLine(new Main());
    List<StoreCommand> commands =
        List.of(
            new PutCommand(output),
            new GetCommand(output),
            new DelCommand(output),
            new ScanCommand(output),
            new TablesCommand(output),
            new StatCommand(output),
            new CheckCommand(output),
            new BackupCommand(output),
            new RestoreCommand(output),
            new CompactCommand(output),
            new RecoverCommand(output),
            new MigrateCommand(output),
            new ServeCommand(output));
    for (StoreCommand command : commands) {
      CommandLine subcommand = new CommandLine(command);
      subcommand.getCommandSpec().mixinStandardHelpOptions(true);
      line.addSubcommand(subcommand);
    }
    for (CommandLine group :
        List.of(ShmCommand.withSubcommands(output), DemoCommand.withSubcommand(output))) {
      group.getCommandSpec().mixinStandardHelpOptions(true);
      line.addSubcommand(group);
    }
    line.setUsageHelpWidth(100);
    line.setOut(new PrintWriter(new OutputStreamWriter(output.data(), StandardCharsets.UTF_8)));
    line.setErr(new PrintWriter(new OutputStreamWriter(output.messages(), StandardCharsets.UTF_8)));
    line.setExecutionExceptionHandler((thrown, _, _) -> Failures.report(thrown, output).code());
    line.setParameterExceptionHandler((thrown, _) -> misunderstood(thrown, output).code());
    return ExitCode.of(line.execute(arguments.toArray(String[]::new)));
  }

  private static ExitCode misunderstood(ParameterException thrown, Output output) {
    output.message(messageOf(thrown));
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      for (String suggestion : unmatched.getSuggestions()) {
        output.message("did you mean " + suggestion + "?");
      }
    }
    String command = thrown.getCommandLine().getCommandSpec().qualifiedName(" ");
    output.message("\"" + command + " --help\" explains it");
    return ExitCode.USAGE;
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
    System.exit(run(Output.ofProcess(), List.of(arguments)).code());
  }
}
