package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.Catalogue;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Looks at a store by one snapshot of its own.
final class SnapshotLook {

  private SnapshotLook() {}

  /// What `look` finds in the newest transaction. Ends as [MappedFaults] says.
  static <T> T of(Engine engine, Function<Snapshot, T> look) {
    Snapshot snapshot = engine.beginRead();
    try {
      T seen = look.apply(snapshot);
      PendingFault.raise();
      return seen;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(snapshot, e);
    } finally {
      snapshot.end();
    }
  }

  /// Goes through the tables, in the order of their names, those of the store's own among them.
  static void tables(Snapshot snapshot, BiConsumer<String, TableRecord> visitor) {
    TreeCursor cursor = new TreeCursor(snapshot);
    cursor.open(snapshot.catalogueRef());
    ValueSlot slot = new ValueSlot();
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      cursor.value(slot);
      TableRecord record = Catalogue.decode(slot);
      visitor.accept(new String(cursor.key(), StandardCharsets.UTF_8), record);
    }
  }
}
