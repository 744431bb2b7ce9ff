package dev.quire.store.conventions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: the rules of `docs/STYLE.md` that a program can check hold for every file of the project.
///
/// Method: all modules' files are read from the project's top. Every rule is also shown a bad
/// piece, which it must find, and the limit itself, which it must not.
final class TidyTest {

  private static final String MAIN = "store-core/src/main/java/dev/quire/store/X.java";
  private static final String TEST = "store-core/src/test/java/dev/quire/store/XTest.java";

  @Test
  void project_allFiles_areTidy() {
    Project project = Project.find();
    List<Finding> found = new ArrayList<>();
    for (TextFile file : project.textFiles()) {
      TextRules.ALL.forEach(rule -> found.addAll(rule.apply(file)));
      found.addAll(TextRules.links(file, project::exists));
    }
    List<SourceFile> sources = project.sources();
    for (SourceFile source : sources) {
      TidyRules.ALL.forEach(rule -> found.addAll(rule.apply(source)));
    }
    found.addAll(PackageRules.packageInfos(sources));
    found.addAll(PackageRules.documentation(sources));
    List<Finding> left = new Exceptions(project.file(Exceptions.FILE)).apply(found);
    assertEquals("", left.stream().map(Finding::toString).collect(Collectors.joining("\n")));
  }

  @Test
  void project_allFiles_includeEveryModule() {
    List<String> paths = Project.find().textFiles().stream().map(TextFile::path).toList();
    for (String module : List.of("store-core", "store-server", "store-cli", "store-bench")) {
      assertFalse(paths.stream().noneMatch(path -> path.startsWith(module + "/src/")), module);
    }
  }

  @Test
  void fileLength_oneLineOverTheLimit_isFound() {
    assertEquals(0, TidyRules.fileLength(withLines(MAIN, 400)).size());
    assertEquals(1, TidyRules.fileLength(withLines(MAIN, 401)).size());
    assertEquals(0, TidyRules.fileLength(withLines(TEST, 600)).size());
    assertEquals(1, TidyRules.fileLength(withLines(TEST, 601)).size());
  }

  @Test
  void methodLength_oneLineOverTheLimit_isFound() {
    assertEquals(0, TidyRules.methodLength(withMethod("void run() {", 60)).size());
    assertEquals(1, TidyRules.methodLength(withMethod("void run() {", 61)).size());
    assertEquals(1, TidyRules.methodLength(withMethod("static {", 61)).size());
  }

  @Test
  void columns_oneOverTheLimit_isFound() {
    assertEquals(0, TextRules.columns(new TextFile(MAIN, "x".repeat(100))).size());
    assertEquals(1, TextRules.columns(new TextFile(MAIN, "x".repeat(101))).size());
    String script = "#!/bin/sh\n" + "x".repeat(101);
    assertEquals(2, TextRules.columns(new TextFile("quire", script)).getFirst().line());
  }

  @Test
  void ascii_otherCharacterOrTab_isFound() {
    assertEquals(0, TextRules.ascii(new TextFile(MAIN, "a ~\n")).size());
    assertEquals(1, TextRules.ascii(new TextFile(MAIN, "a \u2014 b")).size());
    assertEquals(1, TextRules.ascii(new TextFile("pom.xml", "\tx")).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import sun.misc.Unsafe;",
        "System.out.println();",
        "e.printStackTrace();",
        "// TODO: later",
        "// FIXME",
        "Path.of(\"/wo" + "rk/x\")",
        "https://repo1.mav" + "en.org",
        "https://registry.npm" + "js.org",
        "http://deb.deb" + "ian.org",
      })
  void words_bannedInMainSource_isFound(String line) {
    assertEquals(1, TextRules.words(new TextFile(MAIN, "\n" + line)).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@Disabled",
        "assumeTrue(x);",
        "Thread.sleep(1);",
        "TimeUnit.DAYS.sleep(1);",
        "mock(X)"
      })
  void words_bannedInTest_isFound(String line) {
    assertEquals(1, TextRules.words(new TextFile(TEST, line)).size());
  }

  @Test
  void words_harmlessText_isAllowed() {
    String text = "System.out.println();\nnetwork/x\nassertTrue(x);\n";
    assertEquals(List.of(), TextRules.words(new TextFile(TEST, text)));
    assertEquals(List.of(), TextRules.words(new TextFile("docs/STYLE.md", "No TODO lists.")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PageManager", "KeyHelper", "ByteUtils", "StoreImpl", "TreeBase", "PageData"})
  void typeNames_wordThatSaysNothing_isFound(String name) {
    assertEquals(1, TidyRules.typeNames(SourceFile.of(MAIN, "class " + name + " {}")).size());
  }

  @Test
  void typeNames_packageThatSaysNothing_isFound() {
    assertEquals(1, TidyRules.typeNames(SourceFile.of(MAIN, "package a.util;")).size());
    assertEquals(0, TidyRules.typeNames(SourceFile.of(MAIN, "package a.utility;")).size());
  }

  @Test
  void testNames_withoutOutcome_isFound() {
    assertEquals(1, TidyRules.testNames(withMembers("@Test void works() {}")).size());
    assertEquals(
        1, TidyRules.testNames(withMembers("@ParameterizedTest void getWorks(int i) {}")).size());
    assertEquals(0, TidyRules.testNames(withMembers("@Test void get_absent_isNull() {}")).size());
    assertEquals(0, TidyRules.testNames(withMembers("void works() {}")).size());
  }

  @Test
  void inferredTypes_typeNotOnTheLine_isFound() {
    assertEquals(1, TidyRules.inferredTypes(withMembers("{ var x = find(); }")).size());
    assertEquals(1, TidyRules.inferredTypes(withMembers("{ for (var x : all()) {} }")).size());
    assertEquals(0, TidyRules.inferredTypes(withMembers("{ var x = new Page(); }")).size());
    assertEquals(0, TidyRules.inferredTypes(withMembers("{ var x = Page.of(); }")).size());
    assertEquals(0, TidyRules.inferredTypes(withMembers("{ run(x -> 1); }")).size());
  }

  @Test
  void oneTitle_noneOrTwo_isFound() {
    assertEquals(0, TextRules.oneTitle(markdown("# A\n```\n# code\n```\n## B\n")).size());
    assertEquals(1, TextRules.oneTitle(markdown("## A\n")).size());
    assertEquals(1, TextRules.oneTitle(markdown("# A\n# B\n")).size());
  }

  @Test
  void links_fileThatDoesNotExist_isFound() {
    String text = "[a](FORMAT.md#pages) [b](GONE.md) [c](https://x.org) [d](#here) `[e](F.md)`";
    List<Finding> findings = TextRules.links(markdown(text), "docs/FORMAT.md"::equals);
    assertEquals(1, findings.size(), findings::toString);
    assertEquals("GONE.md does not exist", findings.getFirst().message());
  }

  @Test
  void packageInfos_missingOrNotNullMarked_isFound() {
    SourceFile source = SourceFile.of(MAIN, "package a;\nclass X {}");
    String path = "store-core/src/main/java/a/package-info.java";
    SourceFile bare = SourceFile.of(path, "/// A.\npackage a;\n");
    SourceFile good = SourceFile.of(path, "/// A.\n@NullMarked\npackage a;\n");
    assertEquals(1, PackageRules.packageInfos(List.of(source)).size());
    assertEquals(1, PackageRules.packageInfos(List.of(source, bare)).size());
    assertEquals(0, PackageRules.packageInfos(List.of(source, good)).size());
  }

  @Test
  void documentation_exportedWithoutDoc_isFound() {
    SourceFile module = SourceFile.of(MAIN, "module m { exports a; exports b to c; }");
    String type = "%spublic class X { %spublic void run() {} void inner() {} public X() {} }";
    SourceFile good =
        SourceFile.of(MAIN, "package a;\n" + type.formatted("/// X.\n", "\n/// R.\n"));
    SourceFile bad = SourceFile.of(MAIN, "package a;\n" + type.formatted("", ""));
    SourceFile hidden = SourceFile.of(MAIN, "package b;\n" + type.formatted("", ""));
    assertEquals(List.of(), PackageRules.documentation(List.of(module, good, hidden)));
    assertEquals(2, PackageRules.documentation(List.of(module, bad)).size());
  }

  @Test
  void exceptions_coveredUncoveredAndStale_areToldApart() {
    Finding covered = new Finding("columns", "a/B.java", 1, "101 columns");
    Finding other = new Finding("words", "a/B.java", 1, "no");
    String lines = "# comment\ncolumns | a/ | generated\nascii | a/B.java | gone\nbroken\n";
    List<Finding> left =
        new Exceptions(new TextFile(Exceptions.FILE, lines)).apply(List.of(covered, other));
    assertEquals(3, left.size(), left::toString);
    assertFalse(left.contains(covered));
  }

  private static SourceFile withLines(String path, int count) {
    return SourceFile.of(path, "class X {" + "\n".repeat(count - 1) + "}\n");
  }

  private static SourceFile withMethod(String head, int count) {
    return withMembers(head + "\n".repeat(count - 1) + "}");
  }

  private static SourceFile withMembers(String members) {
    return SourceFile.of(MAIN, "class X {\n" + members + "\n}\n");
  }

  private static TextFile markdown(String text) {
    return new TextFile("docs/X.md", text);
  }
}
