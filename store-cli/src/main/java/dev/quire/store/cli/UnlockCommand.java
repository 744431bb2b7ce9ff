package dev.quire.store.cli;

import dev.quire.store.internal.inspect.Inspector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "unlock",
    description = "Say why nothing needs to be unlocked, and who is waited for.",
    footer = {
      "",
      "There is no lock that outlives its process, so there is nothing to break. Removing the"
          + " files",
      "lock or shm under processes that use the store would damage it.",
      "",
      "Example:",
      "  quire unlock --explain my.quire",
      "",
      "JSON: schema, turn, readers."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class UnlockCommand extends StoreCommand {

  private static final String[] WHY = {
    "Nothing was done, and nothing has to be.",
    "Every lock is a byte of the file \"lock\" that the system holds for a process, and lets go of",
    "when the process ends, however it dies. The next one then finishes what was begun.",
    "A process that is stopped (SIGSTOP, a debugger, a frozen container) lives, and keeps the",
    "writer's turn: writers wait and then fail, naming it; readers go on. Let it go on (kill"
        + " -CONT)",
    "or end it. Never remove the files lock or shm while processes have the store open.",
  };

  @Mixin private StoreTarget target;

  @Option(names = "--explain", description = "Say so; it is all that this command does.")
  @SuppressWarnings("UnusedVariable") // there is nothing else to do
  private boolean explain;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  UnlockCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    try (Inspector inspector = target.inspect(output())) {
      int readers = inspector.readers().size();
      if (json) {
        output()
            .line(
                Json.object()
                    .put("schema", 1)
                    .put("turn", inspector.turn())
                    .put("readers", readers)
                    .toString());
        return ExitCode.OK;
      }
      for (String line : WHY) {
        output().line(line);
      }
      output().line("turn\t" + inspector.turn());
      output().line("readers\t" + readers + " (\"quire readers\" tells who)");
    }
    return ExitCode.OK;
  }
}
