package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = "Print the value of a key.",
    footer = {
      "",
      "Examples:",
      "  quire get my.quire users ada",
      "  quire get --raw my.quire photos ada > ada.jpg",
      "",
      "Exit code 1 if there is no such key."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class GetCommand extends StoreCommand {

  private static final int CHUNK_BYTES = 64 << 10;

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Parameters(index = "2", paramLabel = "KEY", description = "The key; - reads the standard input.")
  private String key;

  @Option(names = "--raw", description = "Print the bytes alone, without a line end after them.")
  private boolean raw;

  GetCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    try (Store store = target.openToRead(output());
        ReadTxn txn = store.beginRead()) {
      Table table = txn.table(tableName);
      byte[] keyBytes = format.key(key, table, output().in());
      boolean found = format.isJson() ? printJson(table, keyBytes) : printText(table, keyBytes);
      if (!found) {
        output().message("no such key in table \"" + tableName + "\"");
      }
      return found ? ExitCode.OK : ExitCode.NOT_FOUND;
    }
  }

  private boolean printJson(Table table, byte[] keyBytes) {
    byte @Nullable [] value = table.get(keyBytes);
    if (value == null) {
      return false;
    }
    Json object = format.putKey(Json.object(), keyBytes, ByteFormat.isInteger(table));
    output().line(object.putBytes("value", value, format.isHex()).toString());
    return true;
  }

  /// Prints the value as it is read, so that it may be larger than the memory.
  private boolean printText(Table table, byte[] keyBytes) throws IOException {
    try (InputStream value = table.stream(keyBytes)) {
      if (value == null) {
        return false;
      }
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int length = value.read(chunk); length > 0; length = value.read(chunk)) {
        if (format.isHex() && !raw) {
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
