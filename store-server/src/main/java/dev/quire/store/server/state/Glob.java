package dev.quire.store.server.state;

/// Patterns with `*`, `?`, `[a-z]`, `[^a]` and `\`. Matching takes time that grows with the product
/// of both lengths at most: only the last star is ever tried again.
public final class Glob {

  private final byte[] pattern;
  private final boolean anyCase;

  /// Where the set that was matched last ends.
  private int setEnd;

  private Glob(byte[] pattern, boolean anyCase) {
    this.pattern = pattern;
    this.anyCase = anyCase;
  }

  /// Whether a text has a pattern.
  public static boolean matches(byte[] pattern, byte[] text) {
    return new Glob(pattern, false).matches(text);
  }

  /// The same, whatever the case of letters.
  public static boolean matchesAnyCase(String pattern, String text) {
    return new Glob(Name.of(pattern).bytes(), true).matches(Name.of(text).bytes());
  }

  /// The bytes that every text of the pattern begins with.
  public static byte[] prefix(byte[] pattern) {
    int length = 0;
    while (length < pattern.length && "*?[\\".indexOf(pattern[length]) < 0) {
      length++;
    }
    return java.util.Arrays.copyOf(pattern, length);
  }

  /// Whether the pattern has no special letters.
  public static boolean isPlain(byte[] pattern) {
    return prefix(pattern).length == pattern.length;
  }

  private boolean matches(byte[] text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int retry = 0;
    while (in < text.length) {
      if (at < pattern.length && pattern[at] == '*') {
        star = at++;
        retry = in;
      } else if (at < pattern.length && one(at, text[in])) {
        at = setEnd;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++retry;
      } else {
        return false;
      }
    }
    while (at < pattern.length && pattern[at] == '*') {
      at++;
    }
    return at == pattern.length;
  }

  /// Whether what stands at `at` matches one byte; sets [#setEnd] behind it.
  private boolean one(int at, byte value) {
    int letter = at;
    switch (pattern[at]) {
      case '[' -> {
        return set(at + 1, value);
      }
      case '\\' -> letter = Math.min(at + 1, pattern.length - 1);
      default -> {}
    }
    setEnd = letter + 1;
    return pattern[at] == '?' || fold(pattern[letter]) == fold(value);
  }

  private boolean set(int from, byte value) {
    int at = from;
    boolean not = at < pattern.length && pattern[at] == '^';
    if (not) {
      at++;
    }
    boolean found = false;
    while (at < pattern.length && pattern[at] != ']') {
      if (pattern[at] == '\\' && at + 1 < pattern.length) {
        at++;
        found |= fold(pattern[at]) == fold(value);
      } else if (at + 2 < pattern.length && pattern[at + 1] == '-') {
        int low = Math.min(fold(pattern[at]), fold(pattern[at + 2]));
        int high = Math.max(fold(pattern[at]), fold(pattern[at + 2]));
        found |= fold(value) >= low && fold(value) <= high;
        at += 2;
      } else {
        found |= fold(pattern[at]) == fold(value);
      }
      at++;
    }
    setEnd = Math.min(at + 1, pattern.length);
    return found != not;
  }

  private int fold(byte value) {
    return anyCase && value >= 'A' && value <= 'Z' ? value + 32 : value & 0xFF;
  }
}
