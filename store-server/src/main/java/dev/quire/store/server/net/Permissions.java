package dev.quire.store.server.net;

/// Permissions of files, as `700` and as the JDK writes them.
final class Permissions {

  private Permissions() {}

  /// @throws IllegalArgumentException unless it is three octal digits
  static String text(String octal) {
    if (!octal.matches("[0-7]{3}")) {
      throw new IllegalArgumentException("permissions " + octal + ": three octal digits");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < octal.length(); i++) {
      int bits = octal.charAt(i) - '0';
      text.append((bits & 4) != 0 ? 'r' : '-');
      text.append((bits & 2) != 0 ? 'w' : '-');
      text.append((bits & 1) != 0 ? 'x' : '-');
    }
    return text.toString();
  }
}
