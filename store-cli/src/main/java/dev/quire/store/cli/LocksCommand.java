package dev.quire.store.cli;

import dev.quire.store.internal.inspect.Inspector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "locks",
    description = "Print who has the writer's turn, and who holds named locks.",
    footer = {
      "",
      "A turn or lock ends with its process, however that dies: \"quire unlock --explain\".",
      "",
      "Example:",
      "  quire locks my.quire",
      "",
      "JSON: turn, locks: name, held, pid, host, taken."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class LocksCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  LocksCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    try (Inspector inspector = target.inspect(output())) {
      Json locks = Json.array();
      if (!json) {
        output().line("turn\t" + inspector.turn());
      }
      for (Inspector.Lock lock : inspector.locks()) {
        boolean held = lock.pid() != 0;
        if (json) {
          locks.add(
              Json.object()
                  .put("name", lock.name())
                  .put("held", held)
                  .put("pid", lock.pid())
                  .put("host", lock.host())
                  .put("taken", lock.taken()));
        } else {
          String holder = held ? "process " + lock.pid() + " on " + lock.host() : "free";
          output().line("lock\t" + lock.name() + "\t" + holder);
        }
      }
      if (json) {
        output()
            .line(
                Json.object()
                    .put("schema", 1)
                    .put("turn", inspector.turn())
                    .put("locks", locks)
                    .toString());
      }
    }
    return ExitCode.OK;
  }
}
