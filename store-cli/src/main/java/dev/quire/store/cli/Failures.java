package dev.quire.store.cli;

import dev.quire.store.errors.CodecException;
import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.errors.UnsupportedFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;

/// What a command that failed says, and how it ends.
final class Failures {

  private Failures() {}

  /// Writes a message about the failure, with what to do next where there is something, and returns
  /// the exit code.
  static ExitCode report(Throwable thrown, Output output) {
    output.flushQuietly();
    return switch (thrown) {
      case Output.ReaderGoneException _ -> ExitCode.OK;
      case CommandFailure failure -> {
        output.message(String.valueOf(failure.getMessage()));
        yield failure.exitCode();
      }
      case StoreException failure -> {
        output.message(String.valueOf(failure.getMessage()));
        yield exitCode(failure, output);
      }
      case IllegalArgumentException misuse -> {
        output.message(String.valueOf(misuse.getMessage()));
        yield ExitCode.USAGE;
      }
      case UnsupportedOperationException unsupported -> {
        output.message(String.valueOf(unsupported.getMessage()));
        yield ExitCode.USAGE;
      }
      case UncheckedIOException failure -> {
        output.message(String.valueOf(failure.getMessage()));
        yield ExitCode.UNAVAILABLE;
      }
      case IOException failure -> {
        output.message(failure.toString());
        yield ExitCode.UNAVAILABLE;
      }
      case InterruptedException _ -> ExitCode.INTERRUPTED;
      default -> {
        output.message("this should not have happened: " + thrown);
        for (StackTraceElement element : thrown.getStackTrace()) {
          output.message("    at " + element);
        }
        yield ExitCode.UNAVAILABLE;
      }
    };
  }

  private static ExitCode exitCode(StoreException failure, Output output) {
    return switch (failure) {
      case CorruptPageException _, StoreTruncatedException _ -> {
        output.message("the store is damaged; \"quire check\" tells how badly");
        yield ExitCode.DAMAGED;
      }
      case UnsupportedFormatException _ -> {
        output.message("a newer version of quire may read it");
        yield ExitCode.UNAVAILABLE;
      }
      case StoreFullException _ -> {
        output.message("nothing was changed; free some space and try again");
        yield ExitCode.UNAVAILABLE;
      }
      case CommitInDoubtException _ -> {
        output.message("the change may or may not have happened; look before you repeat it");
        yield ExitCode.UNAVAILABLE;
      }
      case CodecException _,
          NotAStoreException _,
          StoreFailedException _,
          StoreIoException _,
          StoreLockedException _ ->
          ExitCode.UNAVAILABLE;
    };
  }
}
