package dev.quire.store.cli;

import dev.quire.store.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "incr",
    description = "Add to a number and print the sum. A missing one counts from 0.",
    footer = {
      "",
      "The number is of the format of --value; unless that is given, of the table's codec, else",
      "long, which is what Table.increment counts. A text (--value utf8) holds decimal digits.",
      "The store and the table are made if they are missing.",
      "",
      "Examples:",
      "  quire incr my.quire counters visits",
      "  quire incr my.quire counters stock -- -3",
      "",
      "JSON: key, value."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class IncrCommand extends StoreCommand {

  @Mixin private EntryTarget target;

  @Mixin private ByteFormat format;

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "N",
      description = "What is added, 1 unless given.")
  private long delta = 1;

  IncrCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    try (Access access = target.writeOrCreate(output())) {
      Table table = access.table(target.table());
      TableFormat given = format.of(access.store(), table);
      Format number =
          format.isValueGiven() || given.value() != Format.UTF8 ? given.value() : Format.LONG;
      TableFormat written = new TableFormat(given.key(), number, given.json());
      byte[] keyBytes = written.keyOf(target.key(), output().in());
      byte[] sum = Counting.add(table, keyBytes, delta, number);
      access.commit();
      output().line(written.json() ? written.object(keyBytes, sum).toString() : number.field(sum));
    }
    return ExitCode.OK;
  }
}
