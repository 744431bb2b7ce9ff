package dev.quire.store;

import dev.quire.store.errors.Violation;
import java.util.List;
import java.util.Map;

/// What the integrity check of a store found.
///
/// @param pages number of pages seen, by kind of page
/// @param entries number of entries, by table
/// @param violations broken invariants: the store is damaged if there is one
/// @param notes things worth knowing that are no damage
public record CheckReport(
    Map<String, Long> pages,
    Map<String, Long> entries,
    List<Violation> violations,
    List<String> notes) {

  public CheckReport {
    pages = Map.copyOf(pages);
    entries = Map.copyOf(entries);
    violations = List.copyOf(violations);
    notes = List.copyOf(notes);
  }

  /// Whether no invariant is broken.
  public boolean isClean() {
    return violations.isEmpty();
  }
}
