package dev.quire.store.server.state;

import dev.quire.store.server.table.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Requests as they may be shown: without passwords.
public final class Redaction {

  private static final byte[] REDACTED = Name.of("(redacted)").bytes();

  private Redaction() {}

  /// The request with its secrets replaced.
  public static List<byte[]> shown(Command command, byte[][] words) {
    List<byte[]> shown = new ArrayList<>(Arrays.asList(words));
    switch (command.name()) {
      case "auth" -> hide(shown, 1);
      case "hello" -> {
        for (int i = 1; i < words.length; i++) {
          if (word(words[i]).equals("auth")) {
            hide(shown.subList(0, Math.min(words.length, i + 3)), i + 1);
          }
        }
      }
      case "acl|setuser" -> hide(shown, 2);
      case "acl|deluser", "acl|getuser" -> hide(shown, 2);
      case "config|set" -> {
        for (int i = 2; i + 1 < words.length; i += 2) {
          String name = word(words[i]);
          if (Settings.isSecret(name) || name.equals("masterauth")) {
            shown.set(i + 1, REDACTED);
          }
        }
      }
      default -> {}
    }
    return shown;
  }

  private static void hide(List<byte[]> words, int from) {
    for (int i = from; i < words.size(); i++) {
      words.set(i, REDACTED);
    }
  }

  private static String word(byte[] word) {
    return new Name(word).toString().toLowerCase(Locale.ROOT);
  }
}
