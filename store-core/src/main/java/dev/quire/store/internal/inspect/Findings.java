package dev.quire.store.internal.inspect;

import dev.quire.store.errors.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a check has found so far. Violations are kept once each, and only so many of them.
final class Findings {

  /// Violations that are kept; of more, only the number is noted.
  static final int MAX_VIOLATIONS = 1000;

  private final Set<Violation> violations = new LinkedHashSet<>();
  private final Set<Violation> leaks = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Long> pages = new LinkedHashMap<>();
  private final Map<String, Long> entries = new LinkedHashMap<>();
  private long dropped;

  /// A broken invariant of one page.
  void violation(long pageNo, String expected, String found) {
    Violation violation = new Violation(pageNo, expected, found);
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(violation);
    } else if (!violations.contains(violation)) {
      dropped++;
    }
  }

  /// A broken invariant that is not of one page.
  void violation(String expected, String found) {
    violation(-1, expected, found);
  }

  /// A page that is marked as used and that nothing uses: lost room, no damage.
  void leak(long pageNo, String expected, String found) {
    violation(pageNo, expected, found);
    leaks.add(new Violation(pageNo, expected, found));
  }

  /// Number of violations so far.
  long violationCount() {
    return violations.size() + dropped;
  }

  void note(String note) {
    notes.add(note);
  }

  /// Counts pages of a kind.
  void pages(String kind, long count) {
    pages.merge(kind, count, Long::sum);
  }

  /// Counts entries of a table.
  void entries(String table, long count) {
    entries.merge(table, count, Long::sum);
  }

  IntegrityChecker.Report report() {
    if (dropped > 0) {
      note(dropped + " more violations are not listed");
    }
    leaks.retainAll(violations);
    return new IntegrityChecker.Report(
        Map.copyOf(pages),
        Map.copyOf(entries),
        List.copyOf(violations),
        List.copyOf(leaks),
        List.copyOf(notes));
  }
}
