package dev.quire.store.cli;

import dev.quire.store.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "cas",
    description = "Set the value of a key if it has the one that is expected.",
    footer = {
      "",
      "Examples:",
      "  quire cas my.quire locks leader node-1 node-2",
      "",
      "\"quire put --if-absent\" expects that there is none. JSON: stored. Exit code 1 if the"
          + " value",
      "is another one."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CasCommand extends StoreCommand {

  @Mixin private EntryTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "3", paramLabel = "EXPECTED", description = "The value that must be there.")
  private String expected;

  @Parameters(
      index = "4",
      paramLabel = "VALUE",
      description = "The new value; - reads the standard input.")
  private String value;

  CasCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    boolean stored;
    try (Access access = target.write(output())) {
      Table table = access.table(target.table());
      TableFormat written = format.of(access.store(), table);
      byte[] keyBytes = written.keyOf(target.key(), output().in());
      byte[] expectedBytes = written.value().parse("the expected value", expected);
      byte[] valueBytes = written.valueOf(value, output().in());
      stored = table.compareAndSet(keyBytes, expectedBytes, valueBytes);
      access.commit();
    }
    if (format.isJson()) {
      output().line(Json.object().put("stored", stored).toString());
    }
    if (!stored) {
      output().message("the value is another one, or there is none");
    }
    return stored ? ExitCode.OK : ExitCode.NOT_FOUND;
  }
}
