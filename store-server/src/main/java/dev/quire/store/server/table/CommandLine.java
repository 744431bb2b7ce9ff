package dev.quire.store.server.table;

import dev.quire.store.server.resp.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A line of the table's file.
record CommandLine(
    String name,
    int arity,
    String group,
    String since,
    List<String> flags,
    List<String> categories,
    List<KeySpec> keys,
    String summary) {

  private static final int FIELDS = 8;

  static CommandLine parse(String line) {
    String[] fields = line.split(";", -1);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(line + ": " + FIELDS + " fields, parted by semicolons");
    }
    List<KeySpec> keys = new ArrayList<>();
    for (String spec : Words.between(fields[6].strip(), "/")) {
      keys.add(KeySpec.parse(spec));
    }
    return new CommandLine(
        fields[0].strip(),
        Integer.parseInt(fields[1].strip()),
        fields[2].strip(),
        fields[3].strip(),
        words(fields[4]),
        words(fields[5]),
        List.copyOf(keys),
        fields[7].strip());
  }

  private static List<String> words(String field) {
    return Words.of(field);
  }

  /// The categories of the file and those that follow from flags.
  Set<String> allCategories() {
    TreeSet<String> all = new TreeSet<>(categories);
    if (flags.contains("write")) {
      all.add("write");
    }
    if (flags.contains("readonly") && !categories.contains("scripting")) {
      all.add("read");
    }
    if (flags.contains("admin")) {
      all.add("admin");
      all.add("dangerous");
    }
    if (flags.contains("pubsub")) {
      all.add("pubsub");
    }
    all.add(flags.contains("fast") ? "fast" : "slow");
    return all;
  }
}
