package dev.quire.store.server.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All commands, read from `commands.txt` beside this class.
public final class CommandTable {

  /// Categories that no command needs to have.
  private static final List<String> OTHER_CATEGORIES =
      List.of(
          "set",
          "sortedset",
          "list",
          "hash",
          "hyperloglog",
          "geo",
          "stream",
          "blocking",
          "scripting");

  private static final CommandTable TABLE = read();

  private final List<Command> commands;
  private final Map<String, Command> byName = new HashMap<>();
  private final Map<String, List<Command>> children = new HashMap<>();
  private final Set<String> categories = new TreeSet<>(OTHER_CATEGORIES);
  private final NameIndex index;

  private CommandTable(List<Command> commands) {
    this.commands = commands;
    for (Command command : commands) {
      byName.put(command.name(), command);
      categories.addAll(command.categories());
      String parent = command.parent();
      if (parent != null) {
        children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(command);
      }
    }
    this.index = new NameIndex(commands);
  }

  /// The table.
  public static CommandTable get() {
    return TABLE;
  }

  private static CommandTable read() {
    List<Command> commands = new ArrayList<>();
    try (InputStream in = CommandTable.class.getResourceAsStream("commands.txt")) {
      if (in == null) {
        throw new IllegalStateException("commands.txt is missing beside CommandTable");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          commands.add(new Command(commands.size(), CommandLine.parse(line)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CommandTable(List.copyOf(commands));
  }

  /// Number of commands, subcommands included.
  public int size() {
    return commands.size();
  }

  /// All commands and subcommands, in the table's order.
  public List<Command> all() {
    return commands;
  }

  /// The command of a name in small letters (`client|list`), or null.
  public @Nullable Command find(String name) {
    return byName.get(name);
  }

  /// The command, not a subcommand, of a name as it was sent, or null.
  public @Nullable Command find(byte[] name) {
    return index.find(name);
  }

  /// Subcommands of a command.
  public List<Command> childrenOf(Command parent) {
    return children.getOrDefault(parent.name(), List.of());
  }

  /// All categories, without `@`.
  public Set<String> categories() {
    return categories;
  }
}
