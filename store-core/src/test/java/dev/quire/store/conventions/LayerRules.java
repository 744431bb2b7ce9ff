package dev.quire.store.conventions;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a main source may name: checks of imports and of names written out in full.
final class LayerRules {

  private static final Pattern OUR_NAME =
      Pattern.compile("\\bdev\\.quire\\.store(?:\\.[a-z]\\w*)*");

  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

  private LayerRules() {}

  /// Imports point down the floors, and every package has a floor.
  static List<Finding> layers(SourceFile source) {
    List<Finding> findings = new ArrayList<>();
    String user = source.packageName();
    if (!source.file().isMain() || !Floors.isOurs(user)) {
      return findings;
    }
    String path = source.file().path();
    if (!Floors.isKnown(user)) {
      findings.add(new Finding("layers", path, 1, user + " has no floor: add it to Floors"));
      return findings;
    }
    List<String> lines = source.file().lines();
    for (int i = 0; i < lines.size(); i++) {
      String code = STRING.matcher(lines.get(i)).replaceAll("\"\"").strip();
      if (code.startsWith("//") || code.startsWith("package ")) {
        continue;
      }
      for (Matcher name = OUR_NAME.matcher(code); name.find(); ) {
        String used = Floors.packageOf(name.group());
        if (!Floors.mayUse(user, used)) {
          findings.add(
              new Finding("layers", path, i + 1, user + " may not use " + used + ": not below it"));
        }
      }
    }
    return findings;
  }

  /// No wildcards and no module imports: the imports are the list of what a file depends on.
  static List<Finding> imports(SourceFile source) {
    List<Finding> findings = new ArrayList<>();
    for (SourceFile.Import imported : source.imports()) {
      if (imported.isModule() || imported.name().endsWith(".*")) {
        findings.add(
            new Finding(
                "imports",
                source.file().path(),
                imported.line(),
                "import the classes of " + imported.name() + " one by one"));
      }
    }
    return findings;
  }
}
