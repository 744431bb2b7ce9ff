package dev.quire.store.conventions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The files of the project, all modules together.
final class Project {

  private static final Set<String> SKIPPED = Set.of("target", ".git", ".idea", ".settings");

  private final Path root;

  private Project(Path root) {
    this.root = root;
  }

  /// The project around the working directory.
  static Project find() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null) {
      if (Files.isRegularFile(directory.resolve(".ci/run"))) {
        return new Project(directory);
      }
      directory = directory.getParent();
    }
    throw new IllegalStateException("no .ci/run above " + Path.of("").toAbsolutePath());
  }

  /// All text files, sorted by path.
  List<TextFile> textFiles() {
    List<TextFile> files = new ArrayList<>();
    collect(root, files);
    return files;
  }

  /// All Java sources, parsed.
  List<SourceFile> sources() {
    return SourceFile.parse(
        textFiles().stream().filter(file -> file.path().endsWith(".java")).toList());
  }

  /// Whether a file or directory exists; the path is relative to the project's top.
  boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }

  /// The text of one file, by its path from the project's top.
  TextFile file(String path) {
    return new TextFile(path, read(root.resolve(path)));
  }

  private void collect(Path directory, List<TextFile> files) {
    List<Path> children;
    try (Stream<Path> listed = Files.list(directory)) {
      children = listed.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Path child : children) {
      if (SKIPPED.contains(child.getFileName().toString())) {
        continue;
      }
      if (Files.isDirectory(child)) {
        collect(child, files);
      } else if (Files.isRegularFile(child)) {
        String text = read(child);
        if (text.indexOf('\0') < 0) {
          files.add(new TextFile(root.relativize(child).toString().replace('\\', '/'), text));
        }
      }
    }
  }

  /// The text of a file; of a file that is no text, a zero character.
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      return "\0";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
