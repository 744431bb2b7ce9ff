package dev.quire.store.cli;

import picocli.CommandLine.Option;

/// Whether a command prints for programs.
final class JsonOption {

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean wanted;

  boolean isWanted() {
    return wanted;
  }
}
