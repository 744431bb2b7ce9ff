package dev.quire.store.internal.copy;

import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.EngineView.Pinned;
import dev.quire.store.internal.txn.NewDataFile;
import dev.quire.store.options.StoreOptions;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/// Copies of a snapshot of an open store, each a store of its own. Writers go on; the snapshot is
/// pinned meanwhile.
public final class StoreCopy {

  private StoreCopy() {}

  /// Writes the copy to a channel.
  ///
  /// @return the transaction that it shows
  public static long toChannel(Engine engine, WritableByteChannel channel) {
    return copy(engine, new ChannelSink(channel));
  }

  /// Makes a store in a directory, which appears there when it is whole and durable.
  ///
  /// @return the transaction that it shows
  public static long toDirectory(Engine engine, Path directory) {
    return toDirectory(engine, directory, UnaryOperator.identity());
  }

  /// @param seam what stands before the new file
  static long toDirectory(Engine engine, Path directory, UnaryOperator<Region> seam) {
    long[] txnId = new long[1];
    NewDataFile.create(
        directory, engine.options(), file -> txnId[0] = copyDurably(engine, seam.apply(file)));
    return txnId[0];
  }

  /// Puts a copy without free pages in the place of a store's file. Nobody may have it open, and
  /// nobody can open it meanwhile; if it fails, the store is what it was.
  public static void inPlace(Path directory, StoreOptions options) {
    inPlace(directory, options, UnaryOperator.identity());
  }

  /// @param seam what stands before the new file
  static void inPlace(Path directory, StoreOptions options, UnaryOperator<Region> seam) {
    Engine resting = NewDataFile.openResting(directory, options);
    try {
      NewDataFile.replace(directory, file -> copyDurably(resting, seam.apply(file)));
    } finally {
      resting.close();
    }
  }

  /// Makes a store of a backup and the increments that build on it, each checked on the way. It
  /// appears in its directory when it is whole and durable.
  ///
  /// @param backups a store, then increments in the order in which they were made
  /// @return the transaction that it shows
  /// @throws IllegalArgumentException if one does not build on the one before
  public static long restore(List<Path> backups, Path directory, StoreOptions options) {
    try (BackupChain chain = BackupChain.open(backups, options)) {
      CopyState state = chain.state();
      NewDataFile.create(
          directory,
          options,
          file -> {
            try (RegionSink sink = new RegionSink(file)) {
              DenseCopy.write(state, sink);
              sink.finish();
            }
          });
      return state.head().txnId();
    }
  }

  private static long copyDurably(Engine engine, Region region) {
    try (RegionSink sink = new RegionSink(region)) {
      long txnId = copy(engine, sink);
      sink.finish();
      return txnId;
    }
  }

  private static long copy(Engine engine, CopySink sink) {
    EngineView view = engine.view();
    Pinned pinned = view.pinState();
    try {
      DenseCopy.write(CopyState.of(view, pinned), sink);
      return pinned.head().txnId();
    } finally {
      pinned.snapshot().end();
    }
  }
}
