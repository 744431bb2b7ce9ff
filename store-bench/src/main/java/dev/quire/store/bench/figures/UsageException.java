package dev.quire.store.bench.figures;

import java.io.Serial;

/// The command line asks for something that there is not.
public final class UsageException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
