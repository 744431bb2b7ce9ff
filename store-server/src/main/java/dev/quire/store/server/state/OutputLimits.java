package dev.quire.store.server.state;

import dev.quire.store.server.resp.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How much may wait to be sent to a client, by the client's class.
///
/// @param limits by class
public record OutputLimits(Map<String, Limit> limits) {

  /// @param hardBytes the connection is closed at once
  /// @param softBytes the connection is closed if so much waits for longer than `softSeconds`
  /// @param softSeconds see there
  public record Limit(long hardBytes, long softBytes, long softSeconds) {}

  /// @throws IllegalArgumentException if the text has not this form
  public static OutputLimits parse(String text) {
    return new OutputLimits(Map.of()).with(text);
  }

  /// These limits, but for those of a text.
  public OutputLimits with(String text) {
    List<String> words = Words.of(text);
    if (words.size() % 4 != 0) {
      throw new IllegalArgumentException(
          "Wrong number of arguments in buffer limit configuration.");
    }
    Map<String, Limit> changed = new LinkedHashMap<>(limits);
    for (int i = 0; i < words.size(); i += 4) {
      String name = words.get(i).toLowerCase(Locale.ROOT);
      String kind = name.equals("replica") ? "slave" : name;
      if (!kind.equals("normal") && !kind.equals("slave") && !kind.equals("pubsub")) {
        throw new IllegalArgumentException("Invalid client class specified in buffer limit.");
      }
      changed.put(
          kind,
          new Limit(
              Memory.parse(words.get(i + 1)),
              Memory.parse(words.get(i + 2)),
              Memory.parse(words.get(i + 3))));
    }
    return new OutputLimits(changed);
  }

  /// The limit of a class.
  public Limit of(String kind) {
    return limits.getOrDefault(kind, new Limit(0, 0, 0));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    limits.forEach(
        (name, limit) ->
            text.append(text.isEmpty() ? "" : " ")
                .append(name)
                .append(' ')
                .append(limit.hardBytes)
                .append(' ')
                .append(limit.softBytes)
                .append(' ')
                .append(limit.softSeconds));
    return text.toString();
  }
}
