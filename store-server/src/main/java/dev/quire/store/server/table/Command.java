package dev.quire.store.server.table;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A command, or a subcommand whose name is `parent|name`.
public final class Command {

  private final int number;
  private final String name;
  private final int arity;
  private final String group;
  private final String since;
  private final String summary;
  private final List<String> flags;
  private final Set<String> categories;
  private final List<KeySpec> keys;
  private final boolean write;
  private final boolean readOnly;

  Command(int number, CommandLine line) {
    this.number = number;
    this.name = line.name();
    this.arity = line.arity();
    this.group = line.group();
    this.since = line.since();
    this.summary = line.summary();
    this.flags = line.flags();
    this.categories = line.allCategories();
    this.keys = line.keys();
    this.write = flags.contains("write");
    this.readOnly = flags.contains("readonly");
  }

  /// Place in the table.
  public int number() {
    return number;
  }

  /// Name in small letters; of a subcommand with its parent's.
  public String name() {
    return name;
  }

  /// The parent's name, or null if it is no subcommand.
  public @Nullable String parent() {
    int bar = name.indexOf('|');
    return bar < 0 ? null : name.substring(0, bar);
  }

  /// Number of words, or if negative the least number.
  public int arity() {
    return arity;
  }

  /// Group of the documentation.
  public String group() {
    return group;
  }

  /// Version of the protocol's first server that had it.
  public String since() {
    return since;
  }

  /// What it does.
  public String summary() {
    return summary;
  }

  /// Flags as `COMMAND` tells them.
  public List<String> flags() {
    return flags;
  }

  /// Categories of permissions, without `@`.
  public Set<String> categories() {
    return categories;
  }

  /// Where its keys are.
  public List<KeySpec> keys() {
    return keys;
  }

  /// Whether it changes keys.
  public boolean isWrite() {
    return write;
  }

  /// Whether it only reads keys.
  public boolean isReadOnly() {
    return readOnly;
  }

  /// Whether a flag is set.
  public boolean has(String flag) {
    return flags.contains(flag);
  }

  /// Whether a request of so many words is allowed.
  public boolean allows(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }

  /// Index of the first key, 0 if there is none.
  public int firstKey() {
    return keys.isEmpty() ? 0 : keys.getFirst().first();
  }

  /// Index of the last key, negative from the end; 0 if there is none.
  public int lastKey() {
    if (keys.isEmpty()) {
      return 0;
    }
    KeySpec last = keys.getLast();
    return last.last() < 0 ? last.last() : last.first() + last.last();
  }

  /// Step between keys, 0 if there is none.
  public int keyStep() {
    return keys.isEmpty() ? 0 : keys.getFirst().step();
  }

  @Override
  public String toString() {
    return name;
  }
}
