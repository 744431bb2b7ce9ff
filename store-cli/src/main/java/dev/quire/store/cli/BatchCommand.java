package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.options.Expiry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "batch",
    description = "Do all the changes of a script in one transaction, or none of them.",
    footer = {
      "",
      "A line is a change, of words that are quoted as in a shell; # begins a comment:",
      "  put TABLE KEY VALUE [LIFE]    expire TABLE KEY LIFE    create TABLE [integer-keys]",
      "  cas TABLE KEY OLD VALUE       incr TABLE KEY [N]       clear TABLE",
      "  add TABLE KEY VALUE           del TABLE KEY...         drop TABLE",
      "add wants that there is no value, cas and expire that there is the one they say: if not,"
          + " the",
      "line fails. If a line fails nothing is changed, and the message says which.",
      "",
      "Examples:",
      "  quire batch my.quire changes.txt",
      "  printf 'put users ada \"Ada Lovelace\"\\ndel users bob\\n' | quire batch my.quire -",
      "",
      "Prints the number of lines done. JSON: lines, transaction."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class BatchCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(
      index = "1",
      arity = "0..1",
      defaultValue = "-",
      paramLabel = "FILE",
      description = "The script; - is the standard input, also if nothing is given.")
  private String file;

  BatchCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    long done = 0;
    long txnId;
    try (BufferedReader script = open();
        Access access = target.writeOrCreate(output());
        Ticker ticker = new Ticker(output(), "lines", 0)) {
      long number = 0;
      for (String line = script.readLine(); line != null; line = script.readLine()) {
        number++;
        if (doLine(access, number, line)) {
          done++;
        }
        ticker.at(number);
      }
      txnId = access.writing().id();
      access.commit();
    }
    output()
        .line(
            format.isJson()
                ? Json.object().put("lines", done).put("transaction", txnId).toString()
                : Long.toString(done));
    return ExitCode.OK;
  }

  private BufferedReader open() throws IOException {
    Reader reader =
        file.equals("-")
            ? new InputStreamReader(output().in(), UTF_8)
            : Files.newBufferedReader(Path.of(file));
    return new BufferedReader(reader);
  }

  /// @return whether there was something to do
  private boolean doLine(Access access, long number, String line) {
    try {
      List<String> words = Words.of(line);
      if (words.isEmpty()) {
        return false;
      }
      change(access, words);
      return true;
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "line " + number + ": " + e.getMessage() + "; nothing was changed");
    } catch (CommandFailure e) {
      throw new CommandFailure(
          e.exitCode(), "line " + number + ": " + e.getMessage() + "; nothing was changed");
    }
  }

  private void change(Access access, List<String> words) {
    String verb = words.getFirst();
    switch (verb) {
      case "put", "add", "cas", "del", "incr", "expire", "clear", "drop", "create" -> {}
      default ->
          throw new IllegalArgumentException(
              "\"" + verb + "\" is none of put, add, cas, del, incr, expire, clear, drop, create");
    }
    Table table = access.table(word(words, 1, "TABLE"));
    switch (verb) {
      case "clear" -> table.clear();
      case "drop" -> require(access.writing().dropTable(table.name()), "there is no such table");
      case "create" -> {
        boolean integers = words.size() > 2 && words.get(2).equals("integer-keys");
        access.writing().table(table.name(), TableOptions.defaults().withIntegerKeys(integers));
      }
      default -> changeEntry(access, table, words);
    }
  }

  private void changeEntry(Access access, Table table, List<String> words) {
    TableFormat written = format.of(access.store(), table);
    byte[] key = written.key().parse("key", word(words, 2, "KEY"));
    switch (words.getFirst()) {
      case "put" -> {
        Expiry life = words.size() > 4 ? Lives.parse(words.get(4)) : Expiry.DEFAULT;
        table.put(key, value(written, words, 3), life);
      }
      case "add" ->
          require(table.putIfAbsent(key, value(written, words, 3)), "there is a value already");
      case "cas" ->
          require(
              table.compareAndSet(key, value(written, words, 3), value(written, words, 4)),
              "the value is another one, or there is none");
      case "incr" -> {
        Format given = written.value();
        boolean counter = given == Format.UTF8 && !format.isValueGiven();
        long delta = words.size() > 3 ? Long.parseLong(words.get(3)) : 1;
        Counting.add(table, key, delta, counter ? Format.LONG : given);
      }
      case "expire" ->
          require(table.expire(key, Lives.parse(word(words, 3, "LIFE"))), "there is no such key");
      default -> {
        for (String each : words.subList(2, words.size())) {
          table.delete(written.key().parse("key", each));
        }
      }
    }
  }

  private static byte[] value(TableFormat written, List<String> words, int index) {
    return written.value().parse("value", word(words, index, "VALUE"));
  }

  private static String word(List<String> words, int index, String what) {
    if (index >= words.size()) {
      throw new IllegalArgumentException(words.getFirst() + " wants " + what);
    }
    return words.get(index);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new CommandFailure(ExitCode.NOT_FOUND, otherwise);
    }
  }
}
