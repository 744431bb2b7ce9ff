package dev.quire.store.server.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/// The words of a text.
public final class Words {

  private Words() {}

  /// What stands between spaces.
  public static List<String> of(String text) {
    return between(text, " ");
  }

  /// What stands between any of some letters; nothing is no word.
  public static List<String> between(String text, String separators) {
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(text, separators);
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }
}
