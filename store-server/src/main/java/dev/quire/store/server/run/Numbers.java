package dev.quire.store.server.run;

/// Whole numbers as values and arguments write them: no sign `+`, no zeros before, no spaces.
public final class Numbers {

  private static final int MAX_DIGITS = 19;

  private Numbers() {}

  /// The number of a text.
  ///
  /// @throws Refusal if it is none
  public static long parse(byte[] text) {
    int length = text.length;
    boolean negative = length > 0 && text[0] == '-';
    int first = negative ? 1 : 0;
    if (length == first || length - first > MAX_DIGITS) {
      throw Refusal.notANumber();
    }
    if (text[first] == '0' && length > 1) {
      throw Refusal.notANumber();
    }
    long value = 0;
    for (int i = first; i < length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        throw Refusal.notANumber();
      }
      // Counts down, since there is one more negative number.
      long next = value * 10 - digit;
      if (value < Long.MIN_VALUE / 10 || next > 0) {
        throw Refusal.notANumber();
      }
      value = next;
    }
    if (!negative && value == Long.MIN_VALUE) {
      throw Refusal.notANumber();
    }
    return negative ? value : -value;
  }

  /// Whether a text is a whole number.
  public static boolean isNumber(byte[] text) {
    try {
      long _ = parse(text);
      return true;
    } catch (Refusal e) {
      return false;
    }
  }
}
