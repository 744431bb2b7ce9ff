package dev.quire.store.internal.txn;

import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A small store with everything that the format knows: each kind of page, long keys, values in
/// overflow runs, several tables, each kind of log record.
///
/// The files of each format version stay in the repository for ever. `main` writes those of the
/// present version.
final class GoldenStore {

  /// The forms in which the store is kept.
  enum Form {
    /// After an orderly close.
    CLOSED,
    /// After a crash: the last transactions are in the log alone.
    WITH_LOG
  }

  private static final long CAPACITY_BYTES = 8 << 20;

  private GoldenStore() {}

  static StoreOptions options() {
    return StoreOptions.defaults().withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES);
  }

  /// Name of the file that holds a form.
  static String resource(int version, Form form) {
    return "golden-" + version + "-" + form.name().toLowerCase(Locale.ROOT) + ".gz";
  }

  /// The bytes of a file in the repository.
  static byte[] load(int version, Form form) throws IOException {
    try (InputStream file = GoldenStore.class.getResourceAsStream(resource(version, form))) {
      if (file == null) {
        throw new IOException("no " + resource(version, form));
      }
      return new GZIPInputStream(file).readAllBytes();
    }
  }

  /// What the store contains.
  static StoreModel content() {
    Engine engine = Engine.inMemory(options());
    try {
      return fill(engine);
    } finally {
      engine.close();
    }
  }

  /// The bytes of a new store.
  static byte[] write(Form form) {
    SimulatedRegion disk = new SimulatedRegion(CAPACITY_BYTES);
    Engine engine = Opening.onRegion(disk, options());
    fill(engine);
    byte[] open = disk.cachedImage();
    engine.close();
    return form == Form.CLOSED ? disk.cachedImage() : open;
  }

  private static StoreModel fill(Engine engine) {
    StoreModel model = new StoreModel();
    for (int step = 0; step < 6; step++) {
      WriteSession session = engine.beginWrite(engine.options().durability(), Duration.ZERO);
      ModelSession both = new ModelSession(session, model);
      edit(both, step);
      session.userWords(3, step);
      session.commit();
      model = both.model();
      if (step == 2 && engine.options().durability() instanceof Durability.Sync) {
        engine.checkpoint();
      }
    }
    return model;
  }

  private static void edit(ModelSession session, int step) {
    switch (step) {
      case 0 -> {
        put(session, 0, 0, 600, 20);
        put(session, 3, 0, 900, 12);
      }
      case 1 -> {
        put(session, 1, 0, 300, 100);
        put(session, 2, 0, 60, 50);
      }
      case 2 -> {
        put(session, 0, 10, 12, 9000);
        put(session, 4, 0, 3, 10);
        session.delete(Edit.tableName(0), new Edit(Kind.DELETE, 0, 5, 0, 0).keyBytes());
      }
      case 3 -> {
        put(session, 5, 0, 4, 3);
        put(session, 2, 40, 50, 30);
        new Edit(Kind.DELETE_RANGE, 1, 20, 9, 3).applyTo(session);
      }
      case 4 -> {
        session.dropTable(Edit.tableName(4));
        session.clear(Edit.tableName(5));
        session.delete(Edit.tableName(3), new Edit(Kind.DELETE, 3, 7, 0, 0).keyBytes());
      }
      default -> put(session, 3, 2, 5, 5000);
    }
  }

  private static void put(ModelSession session, int table, int from, int to, int size) {
    for (int key = from; key < to; key++) {
      byte[] value = new byte[size + key % 5];
      Arrays.fill(value, (byte) key);
      session.put(Edit.tableName(table), new Edit(Kind.PUT, table, key, 0, 0).keyBytes(), value);
    }
  }

  /// Writes the files of the present format version.
  ///
  /// @param arguments the directory
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Files.createDirectories(directory);
    for (Form form : Form.values()) {
      Path file = directory.resolve(resource(GoldenStoreTest.VERSION, form));
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(write(form));
      }
    }
  }
}
