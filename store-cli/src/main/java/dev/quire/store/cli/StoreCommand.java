package dev.quire.store.cli;

import java.nio.file.Path;
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

  /// A path to make, which is not empty.
  static Path named(Path target) {
    if (target.toString().isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "TARGET is empty; give the path of what is to be made");
    }
    return target;
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
