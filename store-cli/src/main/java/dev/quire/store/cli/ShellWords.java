package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The words that may stand where the cursor of the shell is: commands, options, tables and keys,
/// each as the command says in its help.
///
/// @param session whose store has the tables and keys
record ShellWords(Session session) implements Completer {

  private static final int MOST_KEYS = 100;
  private static final int MOST_KEYS_LOOKED_AT = 10_000;

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String typed = line.word().substring(0, Math.min(line.wordCursor(), line.word().length()));
    List<String> before = line.words().subList(0, Math.min(line.wordIndex(), line.words().size()));
    for (String word : wordsAfter(before, typed)) {
      candidates.add(new Candidate(word));
    }
  }

  /// The words that may follow those before them; also some that do not begin as typed.
  List<String> wordsAfter(List<String> before, String typed) {
    try {
      return find(before, typed);
    } catch (RuntimeException e) {
      // A line that makes no sense yet, or a store that fails: the command will say so.
      return List.of();
    }
  }

  private List<String> find(List<String> before, String typed) {
    if (before.isEmpty() || before.equals(List.of("help"))) {
      return commands(before.isEmpty());
    }
    String name = before.getFirst();
    if (!CommandList.has(name) || ShellCommand.REFUSED.contains(name)) {
      return List.of();
    }
    CommandLine command =
        Objects.requireNonNull(Main.line(Output.ofNobody(), name).getSubcommands().get(name));
    if (typed.startsWith("-")) {
      return optionsOf(command);
    }
    List<String> plain = plainWords(command, before);
    int index = plain.size() + (ShellCommand.WITHOUT_STORE.contains(name) ? 0 : 1);
    return switch (labelOf(command, index)) {
      case "TABLE" -> tables();
      case "KEY" -> plain.isEmpty() ? List.of() : keys(plain.getFirst(), typed);
      default -> List.of();
    };
  }

  private static List<String> commands(boolean withOwn) {
    List<String> words = new ArrayList<>(withOwn ? ShellCommand.OWN : List.of());
    for (CommandList.Group group : CommandList.groups()) {
      words.addAll(group.commands().keySet());
    }
    words.removeAll(ShellCommand.REFUSED);
    return words;
  }

  private static List<String> optionsOf(CommandLine command) {
    List<String> words = new ArrayList<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      words.add(option.longestName());
    }
    return words;
  }

  /// The words behind the command that are neither options nor values of options.
  private static List<String> plainWords(CommandLine command, List<String> before) {
    Map<String, OptionSpec> options = command.getCommandSpec().optionsMap();
    List<String> plain = new ArrayList<>();
    for (int i = 1; i < before.size(); i++) {
      String word = before.get(i);
      OptionSpec option = options.get(word);
      if (option != null) {
        i += option.arity().min();
      } else if (!word.startsWith("-")) {
        plain.add(word);
      }
    }
    return plain;
  }

  private static String labelOf(CommandLine command, int index) {
    for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
      if (parameter.index().contains(index)) {
        return parameter.paramLabel();
      }
    }
    return "";
  }

  private List<String> tables() {
    ReadTxn shown = session.reading();
    return shown == null ? session.store().tables() : shown.tables();
  }

  private List<String> keys(String tableName, String typed) {
    Store store = session.store();
    ReadTxn shown = session.reading();
    if (shown != null) {
      return keys(store, shown.table(tableName), typed);
    }
    try (ReadTxn txn = store.beginRead()) {
      return keys(store, txn.table(tableName), typed);
    }
  }

  private static List<String> keys(Store store, Table table, String typed) {
    Format format = ByteFormat.of(null, null, false).of(store, table).key();
    byte @Nullable [] from =
        format == Format.UTF8 && !typed.isEmpty() ? format.parse("key", typed) : null;
    List<String> found = new ArrayList<>();
    try (Cursor cursor = table.cursor(from == null ? KeyRange.all() : KeyRange.prefix(from))) {
      for (int i = 0; i < MOST_KEYS_LOOKED_AT && found.size() < MOST_KEYS && cursor.next(); i++) {
        String key = format.field(cursor.key());
        if (key.startsWith(typed)) {
          found.add(key);
        }
      }
    }
    return found;
  }
}
