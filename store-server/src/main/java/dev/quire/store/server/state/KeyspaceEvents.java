package dev.quire.store.server.state;

/// Which changes of keys are told on channels: a set of classes, each a letter.
public final class KeyspaceEvents {

  private static final String LETTERS = "g$lshzxetdKEmn";
  private static final String TOLD_LAST = "KEmn";
  private static final String ALL_LETTERS = "g$lshzxetd";

  public static final int GENERIC = bit('g');
  public static final int STRING = bit('$');
  public static final int EXPIRED = bit('x');
  public static final int KEY_MISS = bit('m');
  public static final int NEW = bit('n');
  public static final int KEYSPACE = bit('K');
  public static final int KEYEVENT = bit('E');

  private KeyspaceEvents() {}

  private static int bit(char letter) {
    return 1 << LETTERS.indexOf(letter);
  }

  private static int all() {
    int flags = 0;
    for (int i = 0; i < ALL_LETTERS.length(); i++) {
      char letter = ALL_LETTERS.charAt(i);
      flags |= bit(letter);
    }
    return flags;
  }

  /// The classes of a text.
  ///
  /// @throws IllegalArgumentException if a letter is none
  public static int parse(String text) {
    int flags = 0;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == 'A') {
        flags |= all();
      } else if (LETTERS.indexOf(letter) >= 0) {
        flags |= bit(letter);
      } else {
        throw new IllegalArgumentException("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
      }
    }
    return flags;
  }

  /// The text of classes.
  public static String format(int flags) {
    StringBuilder text = new StringBuilder();
    if ((flags & all()) == all()) {
      text.append('A');
    } else {
      for (int i = 0; i < ALL_LETTERS.length(); i++) {
        char letter = ALL_LETTERS.charAt(i);
        text.append((flags & bit(letter)) != 0 ? String.valueOf(letter) : "");
      }
    }
    for (int i = 0; i < TOLD_LAST.length(); i++) {
      char letter = TOLD_LAST.charAt(i);
      text.append((flags & bit(letter)) != 0 ? String.valueOf(letter) : "");
    }
    return text.toString();
  }
}
