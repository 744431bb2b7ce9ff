package dev.quire.store.conventions;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/// Rules about one Java source.
final class TidyRules {

  static final int MAX_MAIN_LINES = 400;
  static final int MAX_TEST_LINES = 600;
  static final int MAX_METHOD_LINES = 60;

  private static final Pattern BANNED_TYPE =
      Pattern.compile(".*(Manager|Helper|Helpers|Util|Utils|Impl|Base|Info|Data)");
  private static final Pattern BANNED_PACKAGE =
      Pattern.compile(".*\\.(util|utils|common|helper|helpers|misc)(\\..*)?");
  private static final Pattern TEST_NAME =
      Pattern.compile("[a-z][a-zA-Z0-9]*(_[a-z0-9][a-zA-Z0-9]*)+");
  private static final Set<String> TEST_ANNOTATIONS =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate");

  /// All rules about one source.
  static final List<Function<SourceFile, List<Finding>>> ALL =
      List.of(
          TidyRules::fileLength,
          TidyRules::methodLength,
          TidyRules::typeNames,
          TidyRules::testNames,
          TidyRules::inferredTypes);

  private TidyRules() {}

  /// A file has at most 400 lines, of tests 600.
  static List<Finding> fileLength(SourceFile source) {
    int limit = source.file().isTest() ? MAX_TEST_LINES : MAX_MAIN_LINES;
    int count = source.file().lines().size();
    if (count <= limit) {
      return List.of();
    }
    return List.of(at(source, "file-length", limit + 1, count + " lines, allowed are " + limit));
  }

  /// A method or initializer has at most 60 lines.
  static List<Finding> methodLength(SourceFile source) {
    List<Finding> findings = new ArrayList<>();
    new TreePathScanner<Void, Void>() {
      @Override
      public Void visitMethod(MethodTree method, Void unused) {
        measure(method, method.getName().toString());
        return super.visitMethod(method, unused);
      }

      @Override
      public Void visitBlock(BlockTree block, Void unused) {
        if (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree) {
          measure(block, "initializer");
        }
        return super.visitBlock(block, unused);
      }

      private void measure(Tree tree, String name) {
        int first = source.firstLine(tree);
        int count = source.lastLine(tree) - first + 1;
        if (count > MAX_METHOD_LINES) {
          String message = name + " has " + count + " lines, allowed are " + MAX_METHOD_LINES;
          findings.add(at(source, "method-length", first, message));
        }
      }
    }.scan(source.unit(), null);
    return findings;
  }

  /// No name that fits any type, and no package of odds and ends.
  static List<Finding> typeNames(SourceFile source) {
    List<Finding> findings = new ArrayList<>();
    if (BANNED_PACKAGE.matcher(source.packageName()).matches()) {
      findings.add(at(source, "names", 1, source.packageName() + " does not say what it holds"));
    }
    new TreePathScanner<Void, Void>() {
      @Override
      public Void visitClass(ClassTree type, Void unused) {
        String name = type.getSimpleName().toString();
        if (BANNED_TYPE.matcher(name).matches()) {
          findings.add(at(source, "names", source.firstLine(type), name + " could be anything"));
        }
        return super.visitClass(type, unused);
      }
    }.scan(source.unit(), null);
    return findings;
  }

  /// A test is named method_condition_outcome; method_outcome if there is no condition.
  static List<Finding> testNames(SourceFile source) {
    List<Finding> findings = new ArrayList<>();
    new TreePathScanner<Void, Void>() {
      @Override
      public Void visitMethod(MethodTree method, Void unused) {
        String name = method.getName().toString();
        if (isTest(method.getModifiers()) && !TEST_NAME.matcher(name).matches()) {
          String message = name + " is not of the form method_condition_outcome";
          findings.add(at(source, "test-names", source.firstLine(method), message));
        }
        return super.visitMethod(method, unused);
      }
    }.scan(source.unit(), null);
    return findings;
  }

  private static boolean isTest(ModifiersTree modifiers) {
    return modifiers.getAnnotations().stream()
        .anyMatch(a -> TEST_ANNOTATIONS.contains(a.getAnnotationType().toString()));
  }

  /// In main sources, `var` only where the type stands on the line.
  static List<Finding> inferredTypes(SourceFile source) {
    List<Finding> findings = new ArrayList<>();
    if (!source.file().isMain()) {
      return findings;
    }
    new TreePathScanner<Void, Void>() {
      @Override
      public Void visitVariable(VariableTree variable, Void unused) {
        boolean lambda = getCurrentPath().getParentPath().getLeaf() instanceof LambdaExpressionTree;
        if (variable.getType() == null && !lambda && !showsType(variable)) {
          String message = "write the type of " + variable.getName();
          findings.add(at(source, "var", source.firstLine(variable), message));
        }
        return super.visitVariable(variable, unused);
      }
    }.scan(source.unit(), null);
    return findings;
  }

  private static boolean showsType(VariableTree variable) {
    if (variable.getName().isEmpty()) {
      return true;
    }
    Tree value = variable.getInitializer();
    return value != null && value.toString().matches("(?s)(new |\\(?[A-Z]).*");
  }

  /// Public types of an exported package, and their public methods, have a doc comment.
  static List<Finding> documentation(SourceFile source) {
    List<Finding> findings = new ArrayList<>();
    new TreePathScanner<Void, Void>() {
      @Override
      public Void visitClass(ClassTree type, Void unused) {
        if (!isPublic(type.getModifiers(), getCurrentPath())) {
          return null;
        }
        require(type, type.getSimpleName().toString());
        return super.visitClass(type, unused);
      }

      @Override
      public Void visitMethod(MethodTree method, Void unused) {
        boolean constructor = method.getReturnType() == null;
        boolean inherited =
            method.getModifiers().getAnnotations().stream()
                .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
        if (!constructor && !inherited && isPublic(method.getModifiers(), getCurrentPath())) {
          require(method, method.getName().toString());
        }
        return null;
      }

      private void require(Tree tree, String name) {
        if (!source.isDocumented(getCurrentPath())) {
          findings.add(at(source, "docs", source.firstLine(tree), name + " has no doc comment"));
        }
      }
    }.scan(source.unit(), null);
    return findings;
  }

  private static boolean isPublic(ModifiersTree modifiers, TreePath path) {
    Tree parent = path.getParentPath().getLeaf();
    boolean implied =
        parent.getKind() == Tree.Kind.INTERFACE && !modifiers.getFlags().contains(Modifier.PRIVATE);
    return implied || modifiers.getFlags().contains(Modifier.PUBLIC);
  }

  private static Finding at(SourceFile source, String rule, int line, String message) {
    return new Finding(rule, source.file().path(), line, message);
  }
}
