package dev.quire.store.conventions;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A Java source and its syntax tree.
///
/// @param file text
/// @param unit tree
/// @param trees positions and doc comments of the tree's nodes
record SourceFile(TextFile file, CompilationUnitTree unit, DocTrees trees) {

  /// A class or package that a source names in an import.
  ///
  /// @param name fully qualified, `.*` at the end of a wildcard
  /// @param line where
  /// @param isModule whether a whole module is imported
  record Import(String name, int line, boolean isModule) {}

  /// Parses all files with one compiler, in their order.
  static List<SourceFile> parse(List<TextFile> files) {
    List<Text> units = files.stream().map(Text::new).toList();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, List.of("-proc:none"), null, units);
    List<SourceFile> sources = new ArrayList<>();
    try {
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        sources.add(new SourceFile(files.get(sources.size()), unit, trees));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Diagnostic<?> problem : problems.getDiagnostics()) {
      if (problem.getKind() == Diagnostic.Kind.ERROR) {
        throw new IllegalArgumentException(problem.toString());
      }
    }
    return sources;
  }

  /// Parses one text, as if it stood at `path`.
  static SourceFile of(String path, String text) {
    return parse(List.of(new TextFile(path, text))).getFirst();
  }

  /// Name of the package, empty for a module declaration.
  String packageName() {
    return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
  }

  List<Import> imports() {
    List<Import> imports = new ArrayList<>();
    for (ImportTree tree : unit.getImports()) {
      String name = tree.getQualifiedIdentifier().toString();
      imports.add(new Import(name, firstLine(tree), tree.isModule()));
    }
    return imports;
  }

  int firstLine(Tree tree) {
    return line(trees.getSourcePositions().getStartPosition(unit, tree));
  }

  int lastLine(Tree tree) {
    return line(trees.getSourcePositions().getEndPosition(unit, tree));
  }

  boolean isDocumented(TreePath path) {
    String comment = trees.getDocComment(path);
    return comment != null && !comment.isBlank();
  }

  private int line(long position) {
    return position < 0 ? 0 : (int) unit.getLineMap().getLineNumber(position);
  }

  private static final class Text extends SimpleJavaFileObject {

    private final TextFile file;

    Text(TextFile file) {
      super(URI.create("text:/" + file.path().replace(" ", "%20")), Kind.SOURCE);
      this.file = file;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return file.text();
    }
  }
}
