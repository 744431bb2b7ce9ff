package dev.quire.store.cli;

import dev.quire.store.KeyRange;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which keys of a table a command is about.
final class RangeOptions {

  @Option(names = "--prefix", paramLabel = "KEY", description = "Keys that begin with KEY.")
  private @Nullable String prefix;

  @Option(names = "--from", paramLabel = "KEY", description = "KEY and what comes after it.")
  private @Nullable String from;

  @Option(names = "--after", paramLabel = "KEY", description = "What comes after KEY.")
  private @Nullable String after;

  @Option(names = "--to", paramLabel = "KEY", description = "KEY and what comes before it.")
  private @Nullable String to;

  @Option(names = "--before", paramLabel = "KEY", description = "What comes before KEY.")
  private @Nullable String before;

  /// Whether no option was given.
  boolean isAll() {
    return prefix == null && from == null && after == null && to == null && before == null;
  }

  /// The range.
  KeyRange range(TableFormat format, InputStream in) throws IOException {
    byte @Nullable [] low = end(from, "--from", after, "--after", format, in);
    byte @Nullable [] high = end(to, "--to", before, "--before", format, in);
    if (prefix != null) {
      if (low != null || high != null) {
        throw new IllegalArgumentException("--prefix goes with no other end of a range");
      }
      return KeyRange.prefix(format.keyOf(prefix, in));
    }
    if (low == null) {
      if (high == null) {
        return KeyRange.all();
      }
      return before == null ? KeyRange.atMost(high) : KeyRange.lessThan(high);
    }
    if (high == null) {
      return after == null ? KeyRange.atLeast(low) : KeyRange.greaterThan(low);
    }
    return KeyRange.between(low, after == null, high, before == null);
  }

  private static byte @Nullable [] end(
      @Nullable String with,
      String withName,
      @Nullable String without,
      String withoutName,
      TableFormat format,
      InputStream in)
      throws IOException {
    if (with != null && without != null) {
      throw new IllegalArgumentException("give " + withName + " or " + withoutName + ", not both");
    }
    String given = with == null ? without : with;
    return given == null ? null : format.keyOf(given, in);
  }
}
