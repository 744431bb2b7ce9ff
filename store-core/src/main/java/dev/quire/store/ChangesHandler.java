package dev.quire.store;

/// What is done with the changes that a [Watch] tells.
///
/// @param <X> what it may throw; inferred as [RuntimeException] if it throws nothing checked
@FunctionalInterface
public interface ChangesHandler<X extends Exception> {

  /// Handles changes, which are valid until this method returns.
  ///
  /// @param changes to be read to their end: if they are not, they are told again
  void handle(Changes changes) throws X;
}
