package dev.quire.store;

import dev.quire.store.internal.salvage.Salvage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What [Store#recover] saved of a damaged store.
///
/// @param entries number of entries saved, by table
/// @param losses ranges of keys that could not be read; they need not have had entries
/// @param notes what else should be known about the state that was saved
public record RecoveryReport(Map<String, Long> entries, List<Loss> losses, List<String> notes) {

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
    return new RecoveryReport(report.entries(), losses, report.notes());
  }

  /// Whether everything could be read.
  public boolean isComplete() {
    return losses.isEmpty();
  }
}
