package dev.quire.store.server.run;

/// What a command does.
@FunctionalInterface
public interface Handler {

  /// Runs it and writes its reply.
  ///
  /// @throws Refusal if it cannot be run: the reply is the refusal's text alone
  void run(Call call);
}
