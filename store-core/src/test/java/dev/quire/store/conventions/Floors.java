package dev.quire.store.conventions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The floors of the project. A package may use packages of lower floors only; packages of one
/// floor do not know each other.
final class Floors {

  static final String ROOT = "dev.quire.store";

  /// Packages of store-core from the bottom up, named below [#ROOT]; empty is the root itself.
  private static final List<List<String>> CORE =
      List.of(
          List.of("errors", "options"),
          List.of("internal.region"),
          List.of("internal.format"),
          List.of("internal.page"),
          List.of("internal.tree"),
          List.of("internal.txn"),
          List.of("internal.inspect", "internal.copy", "internal.salvage"),
          List.of("internal.cache", "internal.view"),
          List.of(""),
          List.of("cache", "lmdb", "kryo", "metrics"));

  /// What the other modules may use of store-core; by the last word of their root package.
  private static final Map<String, Set<String>> OUTSIDE =
      Map.of(
          "server", Set.of("", "errors", "options"),
          "cli", Set.of("", "errors", "options", "internal.inspect", "lmdb", "server"),
          "bench", Set.of("", "cache", "errors", "options"));

  private Floors() {}

  /// Whether the package has a place in the project.
  static boolean isKnown(String packageName) {
    String name = below(packageName);
    return floorOf(name) >= 0 || OUTSIDE.containsKey(firstWord(name));
  }

  /// Whether code of package `user` may use package `used`; both are packages of the project.
  static boolean mayUse(String user, String used) {
    if (user.equals(used)) {
      return true;
    }
    String from = below(user);
    String to = below(used);
    Set<String> open = OUTSIDE.get(firstWord(from));
    if (open != null) {
      return open.contains(to) || firstWord(to).equals(firstWord(from));
    }
    return floorOf(to) >= 0 && floorOf(to) < floorOf(from);
  }

  /// Whether the name is that of a package of this project.
  static boolean isOurs(String packageName) {
    return packageName.equals(ROOT) || packageName.startsWith(ROOT + ".");
  }

  /// The package of a class name, by the rule that packages are in small letters.
  static String packageOf(String className) {
    List<String> words = new ArrayList<>();
    for (String word : className.split("\\.")) {
      if (word.equals("*") || !Character.isLowerCase(word.charAt(0))) {
        break;
      }
      words.add(word);
    }
    return String.join(".", words);
  }

  private static int floorOf(String name) {
    for (int floor = 0; floor < CORE.size(); floor++) {
      if (CORE.get(floor).contains(name)) {
        return floor;
      }
    }
    return -1;
  }

  private static String below(String packageName) {
    if (!isOurs(packageName)) {
      throw new IllegalArgumentException(packageName + ": not below " + ROOT);
    }
    return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
  }

  private static String firstWord(String name) {
    return name.split("\\.", 2)[0];
  }
}
