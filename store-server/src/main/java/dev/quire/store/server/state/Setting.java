package dev.quire.store.server.state;

import java.util.List;
import java.util.Locale;

/// A setting: its name, its value at first, and which values it may have.
///
/// @param name name in small letters
/// @param initial value at first
/// @param kind what its values are
/// @param least least number
/// @param most greatest number
/// @param words allowed words
/// @param mutable whether it may be changed while the server runs
/// @param secret whether its value is never shown
record Setting(
    String name,
    String initial,
    Kind kind,
    long least,
    long most,
    List<String> words,
    boolean mutable,
    boolean secret) {

  /// What values are.
  enum Kind {
    NUMBER,
    /// A number of bytes, perhaps with a unit.
    MEMORY,
    FLAG,
    WORD,
    TEXT
  }

  static Setting number(String name, long initial, long least, long most) {
    return new Setting(
        name, Long.toString(initial), Kind.NUMBER, least, most, List.of(), true, false);
  }

  static Setting memory(String name, long initial, long least) {
    return new Setting(
        name, Long.toString(initial), Kind.MEMORY, least, Long.MAX_VALUE, List.of(), true, false);
  }

  static Setting flag(String name, boolean initial) {
    return new Setting(name, initial ? "yes" : "no", Kind.FLAG, 0, 0, List.of(), true, false);
  }

  static Setting word(String name, String... words) {
    return new Setting(name, words[0], Kind.WORD, 0, 0, List.of(words), true, false);
  }

  static Setting text(String name, String initial) {
    return new Setting(name, initial, Kind.TEXT, 0, 0, List.of(), true, false);
  }

  /// The same, but fixed when the server starts.
  Setting fixed() {
    return new Setting(name, initial, kind, least, most, words, false, secret);
  }

  /// The same, but never shown.
  Setting hidden() {
    return new Setting(name, initial, kind, least, most, words, mutable, true);
  }

  /// The value as it is kept.
  ///
  /// @throws IllegalArgumentException if it is not allowed: the message says what is
  String parse(String value) {
    return switch (kind) {
      case NUMBER -> inRange(number(value));
      case MEMORY -> inRange(Memory.parse(value));
      case FLAG -> flag(value);
      case WORD -> word(value);
      case TEXT -> value;
    };
  }

  private static long number(String value) {
    try {
      return Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("argument couldn't be parsed into an integer", e);
    }
  }

  private String inRange(long value) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "argument must be between " + least + " and " + most + " inclusive");
    }
    return Long.toString(value);
  }

  private static String flag(String value) {
    String word = value.toLowerCase(Locale.ROOT);
    if (!word.equals("yes") && !word.equals("no")) {
      throw new IllegalArgumentException("argument must be 'yes' or 'no'");
    }
    return word;
  }

  private String word(String value) {
    String word = value.toLowerCase(Locale.ROOT);
    if (!words.contains(word)) {
      throw new IllegalArgumentException(
          "argument(s) must be one of the following: " + String.join(", ", words));
    }
    return word;
  }
}
