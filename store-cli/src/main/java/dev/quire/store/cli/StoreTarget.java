package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.internal.inspect.Inspector;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The store that a command works on.
@SuppressWarnings("NullAway.Init") // set by picocli
sealed class StoreTarget permits EntryTarget {

  /// Chooses the storage engine, before or behind the command.
  static final String BACKEND_OPTION = "--backend";

  private static final String DEFAULT_BACKEND = "quire";

  private static final String SHARED_PREFIX = "shm:";

  @Parameters(
      index = "0",
      paramLabel = "STORE",
      description = "Directory of the store, or shm:NAME for one in named shared memory.")
  private Path path;

  @Option(
      names = BACKEND_OPTION,
      paramLabel = "NAME",
      description = "Storage engine: quire (unless given) or lmdb. Also before the command.")
  private @Nullable String backend;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /// Set by picocli.
  StoreTarget() {}

  /// The store of a path, of the engine that is taken unless one is chosen.
  StoreTarget(String path) {
    this.path = Path.of(path);
    this.backend = DEFAULT_BACKEND;
  }

  /// Opens the store, which must exist, and reads its newest commit.
  Access read(Output output) {
    return Access.toRead(openToRead(output), sessionOf(output));
  }

  /// Opens the store, which must exist, for a change.
  Access write(Output output) {
    return Access.toWrite(openExisting(output), sessionOf(output));
  }

  /// Opens the store for a change, and makes one if there is none.
  Access writeOrCreate(Output output) {
    return Access.toWrite(openOrCreate(output), sessionOf(output));
  }

  private @Nullable Session sessionOf(Output output) {
    Session session = output.session();
    return session != null && session.isOf(path) ? session : null;
  }

  /// Opens the store, which must exist: looking never makes one. In the shell it is open already,
  /// and is opened with the same options.
  Store openExisting(Output output) {
    return sessionOf(output) == null ? openExisting() : openHere(true);
  }

  /// Opens the store, which must exist: looking never makes one.
  Store openExisting() {
    return openHere(false);
  }

  private Store openHere(boolean isKnown) {
    if (isShared()) {
      return Store.shared(sharedName(), options().withCreateIfMissing(false));
    }
    if (!isKnown) {
      requireExisting();
    }
    return Store.open(path, options().withCreateIfMissing(false));
  }

  /// Opens the store, which must exist, to copy it: for writing, which brings in what only its log
  /// has, or to read where it cannot be written.
  Store openToCopy(Output output) {
    boolean isWritable =
        isShared()
            || !backend().equals(DEFAULT_BACKEND)
            || Files.isWritable(path) && Files.isWritable(path.resolve("data"));
    return isWritable ? openExisting() : openToRead(output);
  }

  /// The directory that was given.
  Path path() {
    return path;
  }

  /// Opens the store, which must exist, to look at it: nothing in it is changed.
  Store openToRead(Output output) {
    if (isShared() || sessionOf(output) != null) {
      return openExisting();
    }
    requireExisting();
    Store store = Store.open(path, options().withCreateIfMissing(false).withReadOnly(true));
    if (store.stats().behind()) {
      output.message(
          "the store was not closed in order; shown is its last checkpoint, without what was"
              + " committed after it. Opening it for writing brings that in");
    }
    return store;
  }

  /// Opens the store, which must exist, to look into its files.
  Inspector inspect(Output output) {
    if (isShared()) {
      throw new IllegalArgumentException(
          "give the directory of a store in shared memory: it is called "
              + sharedName()
              + ", in a directory of yours below /dev/shm");
    }
    if (!backend().equals(DEFAULT_BACKEND)) {
      throw new IllegalArgumentException("this command knows stores of quire alone");
    }
    requireExisting();
    StoreOptions known = options().withCreateIfMissing(false);
    return Inspector.open(path, sessionOf(output) == null ? known.withReadOnly(true) : known);
  }

  /// Opens the store, and makes one if there is none.
  Store openOrCreate(Output output) {
    if (sessionOf(output) != null) {
      return openExisting();
    }
    Store store = isShared() ? Store.shared(sharedName(), options()) : Store.open(path, options());
    if (store.stats().isNew()) {
      output.message("made a new store at " + path);
    }
    return store;
  }

  private void requireExisting() {
    requireStore(path);
  }

  /// Ends the command if there is nothing at the path.
  void requireStore(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE,
          "there is no store at "
              + path
              + NearStores.hint(path)
              + "; look at the path (\"quire put\" makes a new store)");
    }
  }

  private boolean isShared() {
    if (path.toString().isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "STORE is empty; give the directory of a store (. for this one), or shm:NAME");
    }
    return path.toString().startsWith(SHARED_PREFIX);
  }

  private String sharedName() {
    return path.toString().substring(SHARED_PREFIX.length());
  }

  private StoreOptions options() {
    return StoreOptions.defaults().withBackend(backend());
  }

  private String backend() {
    if (backend != null) {
      return backend;
    }
    String before = command.root().findOption(BACKEND_OPTION).getValue();
    return before == null ? DEFAULT_BACKEND : before;
  }
}
