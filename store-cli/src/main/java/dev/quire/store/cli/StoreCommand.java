package dev.quire.store.cli;

import java.util.concurrent.Callable;

/// What all commands share.
abstract class StoreCommand implements Callable<Integer> {

  private final Output output;

  StoreCommand(Output output) {
    this.output = output;
  }

  final Output output() {
    return output;
  }

  /// Does the command's work.
  abstract ExitCode run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    ExitCode exitCode = run();
    output.flush();
    return exitCode.code();
  }
}
