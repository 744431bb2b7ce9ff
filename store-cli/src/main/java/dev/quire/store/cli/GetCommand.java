package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.quire.store.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = "Print the value of a key, or of several, a line for each.",
    footer = {
      "",
      "Examples:",
      "  quire get my.quire users ada",
      "  quire get my.quire users ada grace --json",
      "  quire get my.quire counters visits --value long",
      "  quire get --raw my.quire photos ada > ada.jpg",
      "",
      "A value of text is printed as it is. JSON, a line for each key that is there: key, value.",
      "Exit code 1 if a key is not there."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class GetCommand extends StoreCommand {

  private static final int CHUNK_BYTES = 64 << 10;

  @Mixin private StoreTarget target = new StoreTarget();

  @Mixin private ByteFormat format = new ByteFormat();

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "KEY",
      description = "The keys; - reads one from the standard input.")
  private List<String> keys;

  @Option(names = "--raw", description = "Print the bytes alone, without a line end after them.")
  private boolean raw;

  GetCommand(Output output) {
    super(output);
  }

  /// The command without options.
  GetCommand(Output output, String store, String table, String key) {
    super(output);
    target = new StoreTarget(store);
    tableName = table;
    keys = List.of(key);
  }

  @Override
  ExitCode run() throws IOException {
    boolean all = true;
    try (Access access = target.read(output())) {
      Table table = access.table(tableName);
      TableFormat written = format.of(access.store(), table);
      for (String key : keys) {
        byte[] keyBytes = written.keyOf(key, output().in());
        if (!print(table, written, keyBytes)) {
          all = false;
          output()
              .message(
                  "no such key in table \""
                      + tableName
                      + "\""
                      + (keys.size() == 1 ? "" : ": " + written.key().field(keyBytes)));
        }
      }
      if (!all && table.stats() == null) {
        output().message("there is no such table" + Near.hint(tableName, access.tables()));
      }
    }
    return all ? ExitCode.OK : ExitCode.NOT_FOUND;
  }

  private boolean print(Table table, TableFormat written, byte[] keyBytes) throws IOException {
    boolean inPieces = written.value() == Format.UTF8 || written.value() == Format.HEX || raw;
    if (!written.json() && inPieces) {
      return printInPieces(table, written, keyBytes);
    }
    byte @Nullable [] value = table.get(keyBytes);
    if (value == null) {
      return false;
    }
    output()
        .line(
            written.json()
                ? written.object(keyBytes, value).toString()
                : written.value().field(value));
    return true;
  }

  /// Prints the value as it is read, so that it may be larger than the memory.
  private boolean printInPieces(Table table, TableFormat written, byte[] keyBytes)
      throws IOException {
    try (InputStream value = table.stream(keyBytes)) {
      if (value == null) {
        return false;
      }
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int length = value.read(chunk); length > 0; length = value.read(chunk)) {
        if (written.value() == Format.HEX && !raw) {
          output().write(HexFormat.of().formatHex(chunk, 0, length).getBytes(US_ASCII));
        } else {
          output().write(chunk, 0, length);
        }
      }
    }
    if (!raw) {
      output().write(new byte[] {'\n'});
    }
    return true;
  }
}
