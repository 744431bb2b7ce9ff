package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.TableStats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "tables",
    description = "Print the name of each table and the number of its entries.",
    footer = {"", "Example:", "  quire tables my.quire"})
@SuppressWarnings("NullAway.Init") // set by picocli
final class TablesCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  TablesCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    try (Store store = target.openToRead(output());
        ReadTxn txn = store.beginRead()) {
      for (String name : txn.tables()) {
        TableStats stats = txn.table(name).stats();
        if (stats != null) {
          output()
              .line(
                  json
                      ? json(stats)
                      : Escapes.field(name.getBytes(UTF_8)) + "\t" + stats.entries());
        }
      }
    }
    return ExitCode.OK;
  }

  private static String json(TableStats stats) {
    return Json.object()
        .put("table", stats.name())
        .put("entries", stats.entries())
        .put("integerKeys", stats.options().integerKeys())
        .toString();
  }
}
