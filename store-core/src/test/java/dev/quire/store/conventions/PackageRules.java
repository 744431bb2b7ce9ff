package dev.quire.store.conventions;

import com.sun.source.tree.DirectiveTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.ModuleTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Rules about all sources together.
final class PackageRules {

  private PackageRules() {}

  /// Every package of main sources has a null-marked and documented package-info.
  static List<Finding> packageInfos(List<SourceFile> sources) {
    Map<String, String> missing = new TreeMap<>();
    for (SourceFile source : sources) {
      if (source.file().isMain() && !source.packageName().isEmpty()) {
        missing.putIfAbsent(source.packageName(), source.file().path());
      }
    }
    for (SourceFile source : sources) {
      if (source.file().path().endsWith("/package-info.java")
          && source.file().text().startsWith("/// ")
          && source.file().text().contains("\n@NullMarked\n")) {
        missing.remove(source.packageName());
      }
    }
    List<Finding> findings = new ArrayList<>();
    missing.forEach(
        (name, path) -> {
          String message = name + " has no package-info.java with a doc comment and @NullMarked";
          findings.add(new Finding("package-info", path, 0, message));
        });
    return findings;
  }

  /// What exported packages offer is documented.
  static List<Finding> documentation(List<SourceFile> sources) {
    Set<String> exported = exportedPackages(sources);
    List<Finding> findings = new ArrayList<>();
    for (SourceFile source : sources) {
      if (source.file().isMain() && exported.contains(source.packageName())) {
        findings.addAll(TidyRules.documentation(source));
      }
    }
    return findings;
  }

  /// The packages that are exported to everybody.
  private static Set<String> exportedPackages(List<SourceFile> sources) {
    Set<String> names = new TreeSet<>();
    for (SourceFile source : sources) {
      ModuleTree module = source.unit().getModule();
      if (module == null) {
        continue;
      }
      for (DirectiveTree directive : module.getDirectives()) {
        if (directive instanceof ExportsTree exports && exports.getModuleNames() == null) {
          names.add(exports.getPackageName().toString());
        }
      }
    }
    return names;
  }
}
