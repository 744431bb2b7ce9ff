package dev.quire.store.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Stores in the neighbourhood of a path that holds none.
final class NearStores {

  private static final int MOST_LOOKED_AT = 1_000;

  private NearStores() {}

  /// `; did you mean ...?`, or nothing.
  static String hint(Path path) {
    List<Path> near = of(path);
    List<String> words = new ArrayList<>();
    near.forEach(each -> words.add(each.toString()));
    return words.isEmpty() ? "" : "; did you mean " + String.join(" or ", words) + "?";
  }

  /// Stores with a similar name beside the path, in it, and above it.
  static List<Path> of(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path above = absolute.getParent();
    if (above == null) {
      return List.of();
    }
    if (isStore(above) && !Files.isDirectory(absolute)) {
      return List.of(orHere(path.getParent()));
    }
    List<Path> near = new ArrayList<>(storesIn(absolute));
    if (near.isEmpty()) {
      List<String> names = new ArrayList<>();
      storesIn(above).forEach(each -> names.add(String.valueOf(each.getFileName())));
      String name = String.valueOf(absolute.getFileName());
      Near.of(name, names).forEach(each -> near.add(path.resolveSibling(each)));
      if (near.isEmpty() && names.size() == 1) {
        near.add(path.resolveSibling(names.getFirst()));
      }
    }
    return near.subList(0, Math.min(3, near.size()));
  }

  private static Path orHere(@Nullable Path path) {
    return path == null ? Path.of(".") : path;
  }

  private static List<Path> storesIn(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(directory)) {
      return found.limit(MOST_LOOKED_AT).filter(NearStores::isStore).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      // A directory that cannot be looked into has nothing to offer.
      return List.of();
    }
  }

  /// Whether it looks like the directory of a store.
  static boolean isStore(Path path) {
    return Files.isRegularFile(path.resolve("data"));
  }
}
