package dev.quire.store.cli;

import dev.quire.store.Store;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rm",
    description = {
      "Remove stores in named shared memory, and print how many there were.",
      "Processes that have one open go on with it until they close it."
    },
    footer = {
      "",
      "Example:",
      "  quire shm rm sessions",
      "",
      "Exit code 1 if one of the names was not there."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ShmRemoveCommand extends StoreCommand {

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "The names, or tokens.")
  private List<String> names;

  @Mixin private JsonOption json;

  ShmRemoveCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    int removed = 0;
    for (String name : names) {
      if (Store.unlinkShared(name)) {
        removed++;
      } else {
        output().message("there is no store in shared memory called " + name);
      }
    }
    output()
        .line(
            json.isWanted()
                ? Json.object().put("removed", removed).toString()
                : Integer.toString(removed));
    return removed == names.size() ? ExitCode.OK : ExitCode.NOT_FOUND;
  }
}
