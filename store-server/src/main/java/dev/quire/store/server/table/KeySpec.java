package dev.quire.store.server.table;

import dev.quire.store.server.resp.Words;
import java.util.List;
import java.util.Locale;

/// Where a command has keys, and what it does with them.
///
/// @param first index of the first key; the command's name is 0
/// @param last index of the last key behind the first, or negative: from the end of the arguments
/// @param step from one key to the next
/// @param flags `RO`, `RW`, `OW` or `RM`, then more
public record KeySpec(int first, int last, int step, List<String> flags) {

  static KeySpec parse(String text) {
    List<String> words = Words.of(text);
    return new KeySpec(
        Integer.parseInt(words.get(0)),
        Integer.parseInt(words.get(1)),
        Integer.parseInt(words.get(2)),
        List.copyOf(words.subList(3, words.size())));
  }

  /// Index of the last key of a request with so many words.
  public int lastOf(int words) {
    return Math.min(last < 0 ? words + last : first + last, words - 1);
  }

  /// Whether what the spec names are keys at all.
  public boolean isOfKeys() {
    return !flags.contains("not_key");
  }

  /// Whether values are read, or anything is told of them.
  public boolean reads() {
    return !flags.getFirst().equals("OW") && !flags.getFirst().equals("RM")
        || flags.contains("access");
  }

  /// Whether keys are changed.
  public boolean writes() {
    return !flags.getFirst().toUpperCase(Locale.ROOT).equals("RO");
  }
}
