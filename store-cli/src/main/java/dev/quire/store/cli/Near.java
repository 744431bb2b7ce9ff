package dev.quire.store.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Words that may have been meant by one that is not known.
final class Near {

  private static final int MOST = 3;

  private Near() {}

  /// `; did you mean "x" or "y"?`, or nothing if no word is near.
  static String hint(String word, Iterable<String> known) {
    List<String> near = of(word, known);
    return near.isEmpty() ? "" : "; did you mean \"" + String.join("\" or \"", near) + "\"?";
  }

  /// The nearest of the known words, the nearest one first: at most a third of the letters differ.
  static List<String> of(String word, Iterable<String> known) {
    List<String> near = new ArrayList<>();
    for (String each : known) {
      if (distance(word, each) <= Math.max(1, Math.max(word.length(), each.length()) / 3)) {
        near.add(each);
      }
    }
    near.sort(Comparator.comparingInt((String each) -> distance(word, each)));
    return near.subList(0, Math.min(MOST, near.size()));
  }

  /// How many letters must be put, taken, changed or swapped with their neighbour.
  private static int distance(String one, String other) {
    int[][] steps = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        int least = Math.min(steps[i - 1][j], steps[i][j - 1]) + 1;
        least = Math.min(least, steps[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          least = Math.min(least, steps[i - 2][j - 2] + 1);
        }
        steps[i][j] = least;
      }
    }
    return steps[one.length()][other.length()];
  }
}
