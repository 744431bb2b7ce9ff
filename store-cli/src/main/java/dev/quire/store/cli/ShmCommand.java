package dev.quire.store.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "shm",
    synopsisSubcommandLabel = "COMMAND",
    description = "List and remove stores in named shared memory.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Every other command works on one of them as STORE shm:NAME.",
      "",
      "Examples:",
      "  quire shm ls",
      "  quire get shm:sessions users ada"
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ShmCommand extends StoreCommand {

  @Spec private CommandSpec spec;

  ShmCommand(Output output) {
    super(output);
  }

  /// The command with those below it.
  static CommandLine withSubcommands(Output output) {
    CommandLine line = new CommandLine(new ShmCommand(output));
    for (StoreCommand command :
        new StoreCommand[] {new ShmListCommand(output), new ShmRemoveCommand(output)}) {
      CommandLine subcommand = new CommandLine(command);
      subcommand.getCommandSpec().mixinStandardHelpOptions(true);
      line.addSubcommand(subcommand);
    }
    return line;
  }

  @Override
  ExitCode run() {
    throw new ParameterException(spec.commandLine(), "say which command: ls or rm");
  }
}
