package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "put",
    description = "Set the value of a key. Makes the store and the table if they are missing.",
    footer = {
      "",
      "Examples:",
      "  quire put my.quire users ada \"Ada Lovelace\"",
      "  quire put my.quire photos ada - < ada.jpg",
      "  quire put --hex my.quire raw 00ff 0102030405",
      "",
      "Exit code 1 if --if-absent was given and there is a value."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class PutCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Parameters(index = "2", paramLabel = "KEY", description = "The key.")
  private String key;

  @Parameters(
      index = "3",
      paramLabel = "VALUE",
      description = "The value; - reads the standard input.")
  private String value;

  @Option(names = "--if-absent", description = "Only if there is no value.")
  private boolean ifAbsent;

  PutCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    if (key.equals("-") && value.equals("-")) {
      throw new IllegalArgumentException("only one of KEY and VALUE can be the standard input");
    }
    byte[] bytes = format.value(value, output().in());
    try (Store store = target.openOrCreate(output())) {
      Table table = store.table(tableName);
      byte[] keyBytes = format.key(key, table, output().in());
      boolean done = true;
      boolean isNew;
      if (ifAbsent) {
        isNew = table.putIfAbsent(keyBytes, bytes);
        done = isNew;
      } else {
        isNew = table.put(keyBytes, bytes);
      }
      if (format.isJson()) {
        output().line(Json.object().put("stored", done).put("new", isNew).toString());
      }
      if (!done) {
        output().message("there is a value already");
      }
      return done ? ExitCode.OK : ExitCode.NOT_FOUND;
    }
  }
}
