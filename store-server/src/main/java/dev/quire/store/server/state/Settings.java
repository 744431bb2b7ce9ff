package dev.quire.store.server.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// All settings and their values.
public final class Settings {

  private final Map<String, String> values = new TreeMap<>();
  private final List<BiConsumer<String, String>> listeners = new ArrayList<>();
  private final List<Consumer<Set<String>>> checks = new ArrayList<>();

  public Settings() {
    for (Setting setting : SettingTable.ALL.values()) {
      values.put(setting.name(), setting.initial());
    }
  }

  /// Sets a value before the server starts.
  ///
  /// @throws IllegalArgumentException if there is no such setting, or the value is not allowed
  public void init(String name, String value) {
    Setting setting = SettingTable.ALL.get(name.toLowerCase(Locale.ROOT));
    if (setting == null) {
      throw new IllegalArgumentException("there is no setting \"" + name + "\"");
    }
    try {
      values.put(setting.name(), SettingTable.parse(setting, value));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "setting " + name + " \"" + (setting.secret() ? "..." : value) + "\": " + e.getMessage(),
          e);
    }
  }

  /// Sets values: all of them or none.
  ///
  /// @throws IllegalArgumentException if one is not allowed: the message is the reply's text
  public void set(Map<String, String> changes) {
    Map<String, String> parsed = new LinkedHashMap<>();
    changes.forEach(
        (name, value) -> {
          Setting setting = SettingTable.ALL.get(name);
          if (setting == null) {
            throw new IllegalArgumentException(
                "Unknown option or number of arguments for CONFIG SET - '" + name + "'");
          }
          if (!setting.mutable()) {
            throw failed(name, "can't set immutable config");
          }
          try {
            parsed.put(name, SettingTable.parse(setting, value));
          } catch (IllegalArgumentException e) {
            throw failed(name, String.valueOf(e.getMessage()));
          }
        });
    Map<String, String> before = new TreeMap<>(values);
    values.putAll(parsed);
    try {
      checks.forEach(check -> check.accept(parsed.keySet()));
    } catch (IllegalArgumentException e) {
      values.putAll(before);
      throw failed(String.join(" ", parsed.keySet()), String.valueOf(e.getMessage()));
    }
    parsed.forEach(
        (name, value) -> {
          listeners.forEach(listener -> listener.accept(name, value));
        });
  }

  private static IllegalArgumentException failed(String name, String why) {
    return new IllegalArgumentException(
        "CONFIG SET failed (possibly related to argument '" + name + "') - " + why);
  }

  /// Is told the names of settings when they are set together, before others hear of it; throws
  /// IllegalArgumentException if they may not be what they are now, which sets them back.
  public void check(Consumer<Set<String>> check) {
    checks.add(check);
  }

  /// Is told names and new values.
  public void listen(BiConsumer<String, String> listener) {
    listeners.add(listener);
  }

  /// Names and values of the settings of a pattern; values that are secret are empty.
  public Map<String, String> matching(String pattern) {
    Map<String, String> found = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          if (Glob.matchesAnyCase(pattern, name)) {
            found.put(name, isSecret(name) ? "" : value);
          }
        });
    return found;
  }

  /// Whether the value of a setting is never shown.
  static boolean isSecret(String name) {
    Setting setting = SettingTable.ALL.get(name);
    return setting != null && setting.secret();
  }

  /// A value.
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no setting \"" + name + "\"");
    }
    return value;
  }

  /// A value as a number.
  public long number(String name) {
    return Long.parseLong(text(name));
  }

  /// A value as yes or no.
  public boolean flag(String name) {
    return text(name).equals("yes");
  }
}
