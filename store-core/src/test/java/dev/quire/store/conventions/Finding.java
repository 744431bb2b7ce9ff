package dev.quire.store.conventions;

/// One place that breaks a convention.
///
/// @param rule name of the rule, as `tidy-exceptions.txt` names it
/// @param path file, relative to the project's top
/// @param line line in the file (from 1; 0 for the whole file)
/// @param message what is wrong
record Finding(String rule, String path, int line, String message) {

  @Override
  public String toString() {
    return path + ":" + line + ": " + rule + ": " + message;
  }
}
