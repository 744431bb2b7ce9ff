package dev.quire.store.server.state;

/// Bytes as a quoted text of printable letters.
public final class Quoted {

  private Quoted() {}

  /// The text, with quotes around it.
  public static String of(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (byte value : bytes) {
      switch (value) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case 7 -> text.append("\\a");
        case '\b' -> text.append("\\b");
        default -> {
          if (value >= ' ' && value <= '~') {
            text.append((char) value);
          } else {
            text.append(String.format("\\x%02x", value & 0xFF));
          }
        }
      }
    }
    return text.append('"').toString();
  }
}
