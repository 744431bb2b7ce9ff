package dev.quire.store;

import dev.quire.store.internal.salvage.Salvage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What [Store#recover] saved of a damaged store.
///
/// @param entries number of entries saved, by table
/// @param nameless those tables among them whose names are lost
/// @param losses ranges of keys that could not be read; they need not have had entries
/// @param notes what else should be known about the state that was saved
public record RecoveryReport(
    Map<String, Long> entries, List<Nameless> nameless, List<Loss> losses, List<String> notes) {

  /// A table whose name is lost. Its keys may tell which one it was.
  ///
  /// @param table the name that it was given
  /// @param first its first key
  /// @param last its last key
  public record Nameless(String table, byte[] first, byte[] last) {}

  /// Keys that could not be read.
  ///
  /// @param table of that table, or null: the tables whose names, in UTF-8, are in the range
  /// @param from least key, or null if there is no bound
  /// @param to first key that is not meant, or null if there is no bound
  /// @param reason what was found
  public record Loss(
      @Nullable String table, byte @Nullable [] from, byte @Nullable [] to, String reason) {}

  static RecoveryReport of(Salvage.Report report) {
    List<Loss> losses = new ArrayList<>();
    for (Salvage.Loss loss : report.losses()) {
      losses.add(new Loss(loss.table(), loss.from(), loss.to(), loss.reason()));
    }
    List<Nameless> nameless = new ArrayList<>();
    for (Salvage.Nameless table : report.nameless()) {
      nameless.add(new Nameless(table.table(), table.first(), table.last()));
    }
    return new RecoveryReport(report.entries(), nameless, losses, report.notes());
  }

  /// Whether everything could be read.
  public boolean isComplete() {
    return losses.isEmpty();
  }
}
