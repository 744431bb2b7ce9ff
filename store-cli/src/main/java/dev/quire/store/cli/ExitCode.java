package dev.quire.store.cli;

/// How a command ended. The numbers are part of the command line's interface and never change.
enum ExitCode {
  /// Done.
  OK(0),
  /// Done, but what was asked for is not there, or a check has something to report.
  NOT_FOUND(1),
  /// The command was not understood.
  USAGE(2),
  /// The store cannot be opened, is locked, or the operating system refused something.
  UNAVAILABLE(3),
  /// The store is damaged.
  DAMAGED(4),
  /// The command was interrupted.
  INTERRUPTED(130);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /// The exit code with this number.
  static ExitCode of(int code) {
    for (ExitCode exitCode : values()) {
      if (exitCode.code == code) {
        return exitCode;
      }
    }
    throw new IllegalArgumentException("no exit code is " + code);
  }

  /// What the process returns.
  int code() {
    return code;
  }
}
