package dev.quire.store.conventions;

import java.util.List;

/// A text file.
///
/// @param path from the project's top, with slashes
/// @param text content
record TextFile(String path, String text) {

  List<String> lines() {
    return text.lines().toList();
  }

  /// Whether this is a source of tests.
  boolean isTest() {
    return path.contains("src/test/");
  }

  /// Whether this is a main source of a module.
  boolean isMain() {
    return path.contains("src/main/java/");
  }

  /// Whether this is a main source of store-core.
  boolean isCore() {
    return path.startsWith("store-core/src/main/java/");
  }

  boolean hasExtension(String extension) {
    return path.endsWith("." + extension);
  }

  /// Whether this is a shell script, which has no extension here.
  boolean isScript() {
    return text.startsWith("#!");
  }
}
