package dev.quire.store.cli;

import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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
      "  quire put my.quire films metropolis --file metropolis.mkv",
      "  quire put my.quire sessions 4711 ada --ttl 30m",
      "  quire put my.quire limits ada 250 --value long",
      "  quire put --hex my.quire raw 00ff 0102030405",
      "",
      "JSON: stored, new. Exit code 1 if --if-absent or --if-present kept it from being set."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class PutCommand extends StoreCommand {

  @Mixin private EntryTarget target = new EntryTarget();

  @Mixin private ByteFormat format = new ByteFormat();

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "The value; - reads the standard input.")
  private @Nullable String value;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The value is the content of FILE, of any length, byte for byte.")
  private @Nullable Path file;

  @Option(
      names = "--ttl",
      paramLabel = "LIFE",
      description = "How long the entry lives: 500ms, 90s, 5m, 12h, 7d, a moment, or never.")
  private @Nullable String life;

  @Option(names = "--if-absent", description = "Only if there is no value.")
  private boolean ifAbsent;

  @Option(names = "--if-present", description = "Only if there is a value.")
  private boolean ifPresent;

  PutCommand(Output output) {
    super(output);
  }

  /// The command without options.
  PutCommand(Output output, String store, String table, String key, String value) {
    super(output);
    target = new EntryTarget(store, table, key);
    this.value = value;
  }

  @Override
  ExitCode run() throws IOException {
    requireSense();
    byte @Nullable [] input =
        value != null && value.equals("-") ? output().in().readAllBytes() : null;
    boolean stored;
    boolean isNew;
    try (Access access = target.writeOrCreate(output())) {
      Table table = access.table(target.table());
      TableFormat written = format.of(access.store(), table);
      byte[] keyBytes = written.keyOf(target.key(), output().in());
      isNew = !table.contains(keyBytes);
      stored = !(ifAbsent && !isNew) && !(ifPresent && isNew);
      if (stored) {
        put(table, written, keyBytes, input);
        access.commit();
      }
    }
    if (format.isJson()) {
      output().line(Json.object().put("stored", stored).put("new", stored && isNew).toString());
    }
    if (!stored) {
      output().message(ifAbsent ? "there is a value already" : "there is no value to replace");
    }
    return stored ? ExitCode.OK : ExitCode.NOT_FOUND;
  }

  private void requireSense() {
    if ((value == null) == (file == null)) {
      throw new IllegalArgumentException("give VALUE, - for the standard input, or --file FILE");
    }
    if (target.key().equals("-") && "-".equals(value)) {
      throw new IllegalArgumentException("only one of KEY and VALUE can be the standard input");
    }
    if (ifAbsent && ifPresent) {
      throw new IllegalArgumentException("give --if-absent or --if-present, not both");
    }
  }

  private void put(Table table, TableFormat written, byte[] keyBytes, byte @Nullable [] input)
      throws IOException {
    Expiry expiry = life == null ? Expiry.DEFAULT : Lives.parse(life);
    if (file != null) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        table.put(keyBytes, in, Files.size(file));
      }
      if (life != null) {
        table.expire(keyBytes, expiry);
      }
    } else if (input != null) {
      table.put(keyBytes, written.valueOfInput(input), expiry);
    } else {
      table.put(keyBytes, written.value().parse("value", String.valueOf(value)), expiry);
    }
  }
}
