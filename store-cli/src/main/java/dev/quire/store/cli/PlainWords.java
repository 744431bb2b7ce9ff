package dev.quire.store.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The plainest forms of the commonest commands: words alone, no options. They are understood here
/// as picocli understands them, without it: reading its annotations takes longer than the commands.
final class PlainWords {

  private PlainWords() {}

  /// The command that the words mean, or null if that is picocli's to say.
  static @Nullable StoreCommand find(Output output, List<String> words) {
    for (String word : words) {
      if (word.startsWith("-") || word.isEmpty()) {
        return null;
      }
    }
    return switch (words.size()) {
      case 4 ->
          words.getFirst().equals("get")
              ? new GetCommand(output, words.get(1), words.get(2), words.get(3))
              : null;
      case 5 ->
          words.getFirst().equals("put")
              ? new PutCommand(output, words.get(1), words.get(2), words.get(3), words.get(4))
              : null;
      default -> null;
    };
  }
}
