package dev.quire.store.bench.figures;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.work.Directories;
import dev.quire.store.bench.work.Trial;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The places of the trials of one round.
///
/// A store that must be loaded is loaded in a process of its own when it is first needed, and
/// serves all trials of the round that change nothing; the others get copies, on the disk or in
/// memory. Files are read once before they are handed out, so that every trial finds them in the
/// page cache.
final class LoadedStores implements AutoCloseable {

  private final FiguresOptions options;
  private final Children children;
  private final Path disk;
  private final Path memory;

  /// In new directories below `disk` and `memory`.
  LoadedStores(FiguresOptions options, Children children, Path disk, Path memory) {
    this.options = options;
    this.children = children;
    this.disk = Directories.makeEmpty(disk);
    this.memory = Directories.makeEmpty(memory);
  }

  /// The place for a trial.
  Place place(Workload workload, PeerKind kind) throws IOException, InterruptedException {
    Path root = workload.isInMemory() ? memory : disk;
    Path own = root.resolve(kind.commandName() + "-" + workload.commandName());
    Path directory =
        switch (workload.start()) {
          case EMPTY -> Directories.makeEmpty(own);
          case LOADED -> kind.hasFiles() ? loaded(kind) : own;
          case LOADED_COPY -> kind.hasFiles() ? copy(loaded(kind), own) : own;
        };
    return new Place(directory, options.entries(), Entry.VALUE_BYTES, workload.isDurable());
  }

  /// Deletes what a trial leaves that no other needs.
  void giveBack(Workload workload, Place place) {
    if (workload.start() != Workload.Start.LOADED) {
      Directories.delete(place.directory());
    }
  }

  private Path loaded(PeerKind kind) throws IOException, InterruptedException {
    Path directory = disk.resolve(kind.commandName() + "-loaded");
    if (!Files.exists(directory)) {
      Directories.makeEmpty(directory);
      Place place = new Place(directory, options.entries(), Entry.VALUE_BYTES, false);
      try {
        children.run(Workload.LOAD_RANDOM, new Trial(kind, place, 0, 0, 0));
      } catch (IOException e) {
        Directories.delete(directory);
        throw e;
      }
    }
    for (Path file : files(directory)) {
      try (InputStream in = Files.newInputStream(file)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
    return directory;
  }

  private static Path copy(Path from, Path to) throws IOException {
    Directories.copy(from, to);
    return to;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Override
  public void close() {
    Directories.delete(disk);
    Directories.delete(memory);
  }
}
