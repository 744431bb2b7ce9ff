package dev.quire.store;

import dev.quire.store.errors.Violation;
import java.util.List;
import java.util.Map;

/// What the integrity check of a store found.
///
/// @param pages number of pages seen, by kind of page
/// @param entries number of entries, by table
/// @param violations broken invariants: the store is damaged if there is one
/// @param leaks pages that are marked as used and that nothing uses: lost room, no damage
/// @param notes things worth knowing that are neither
public record CheckReport(
    Map<String, Long> pages,
    Map<String, Long> entries,
    List<Violation> violations,
    List<Violation> leaks,
    List<String> notes) {

  public CheckReport {
    pages = Map.copyOf(pages);
    entries = Map.copyOf(entries);
    violations = List.copyOf(violations);
    leaks = List.copyOf(leaks);
    notes = List.copyOf(notes);
  }

  /// Whether no invariant is broken, and no page lost.
  public boolean isClean() {
    return violations.isEmpty() && leaks.isEmpty();
  }

  /// Whether an invariant is broken that has to do with what the store holds.
  public boolean isDamaged() {
    return !violations.isEmpty();
  }
}
