package dev.quire.store.testing;

/// What a [ChildJvm] can do: it answers commands.
@FunctionalInterface
public interface Role {

  /// Does a command.
  ///
  /// @param verb its first word
  /// @param words the words after it
  /// @return the answer, one line
  /// @throws Exception if it fails; the test is told by [ChildJvm#ask]
  String answer(String verb, String... words) throws Exception;
}
