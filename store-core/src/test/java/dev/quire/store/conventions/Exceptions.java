package dev.quire.store.conventions;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The exceptions to the conventions: `.ci/tidy-exceptions.txt`, one `rule | path | reason` a line.
/// A path that ends in a slash stands for all files below it. An exception that nothing needs any
/// more is itself a finding, so that the list only shrinks.
final class Exceptions {

  static final String FILE = ".ci/tidy-exceptions.txt";

  private final List<String[]> entries = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  Exceptions(TextFile file) {
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\\s*\\|\\s*", 3);
      if (parts.length < 3 || parts[2].isBlank()) {
        findings.add(new Finding("exceptions", FILE, i + 1, "must be: rule | path | reason"));
      } else {
        entries.add(parts);
      }
    }
  }

  /// The findings that no exception covers, and those about the exceptions themselves.
  List<Finding> apply(List<Finding> found) {
    List<Finding> left = new ArrayList<>(findings);
    Set<String[]> used = new HashSet<>();
    for (Finding finding : found) {
      List<String[]> covering = entries.stream().filter(e -> covers(e, finding)).toList();
      used.addAll(covering);
      if (covering.isEmpty()) {
        left.add(finding);
      }
    }
    for (String[] entry : entries) {
      if (!used.contains(entry)) {
        String message = "not needed any more: " + entry[0] + " | " + entry[1];
        left.add(new Finding("exceptions", FILE, 0, message));
      }
    }
    return left;
  }

  private static boolean covers(String[] entry, Finding finding) {
    boolean covered =
        entry[1].endsWith("/")
            ? finding.path().startsWith(entry[1])
            : finding.path().equals(entry[1]);
    return covered && entry[0].equals(finding.rule());
  }
}
