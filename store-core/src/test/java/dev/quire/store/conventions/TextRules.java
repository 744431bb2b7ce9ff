package dev.quire.store.conventions;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rules about one text file of any kind.
final class TextRules {

  static final int MAX_COLUMNS = 100;

  private static final Pattern LINK = Pattern.compile("\\]\\(<?([^)>\\s]+)>?[^)]*\\)");
  private static final Pattern REMOTE = Pattern.compile("([a-z]+:|#).*");

  /// A word that some files must not hold.
  ///
  /// @param pattern what is searched for in each line
  /// @param files which files
  /// @param reason what to do instead
  private record BannedWord(Pattern pattern, Predicate<TextFile> files, String reason) {

    static BannedWord of(String pattern, Predicate<TextFile> files, String reason) {
      return new BannedWord(Pattern.compile(pattern), files, reason);
    }
  }

  private static final List<BannedWord> BANNED =
      List.of(
          BannedWord.of(
              "/w[o]rk/|repo1\\.mav[e]n|registry\\.npm[j]s|deb\\.deb[i]an\\.org",
              file -> true,
              "the place of one machine; name nothing outside the project"),
          BannedWord.of(
              "\\b(TODO|FIXME|XXX)\\b",
              file -> !file.hasExtension("md"),
              "open an issue, or do it"),
          BannedWord.of(
              "\\bUnsafe\\b|sun\\.misc|jdk\\.internal",
              TextFile::isMain,
              "not a supported interface of the JDK"),
          BannedWord.of("System\\.(out|err)\\b", TextFile::isCore, "the store prints nothing"),
          BannedWord.of("\\.printStackTrace\\(", TextFile::isMain, "report it or throw it"),
          BannedWord.of(
              "@Disabled|\\bassum(e|ing)(True|False|That)\\b|\\bAssumptions\\b|TestAborted",
              TextFile::isTest,
              "a test runs or is removed"),
          BannedWord.of(
              "\\.sleep\\(|\\bparkNanos\\b", TextFile::isTest, "wait for what you wait for"),
          BannedWord.of("(?i)\\bmock(ito|s|ed)?\\b", TextFile::isTest, "implement the interface"));

  /// All rules about one file.
  static final List<Function<TextFile, List<Finding>>> ALL =
      List.of(TextRules::columns, TextRules::ascii, TextRules::words, TextRules::oneTitle);

  private TextRules() {}

  /// Java sources and scripts have at most 100 columns.
  static List<Finding> columns(TextFile file) {
    List<Finding> findings = new ArrayList<>();
    if (isCode(file)) {
      forEachLine(
          file,
          (number, line) -> {
            if (line.length() > MAX_COLUMNS) {
              findings.add(new Finding("columns", file.path(), number, line.length() + " columns"));
            }
          });
    }
    return findings;
  }

  /// Java sources, scripts and POMs are ASCII, without tabs.
  static List<Finding> ascii(TextFile file) {
    List<Finding> findings = new ArrayList<>();
    if (isCode(file) || file.hasExtension("xml")) {
      forEachLine(
          file,
          (number, line) -> {
            if (!line.chars().allMatch(c -> c >= ' ' && c <= '~')) {
              findings.add(
                  new Finding("ascii", file.path(), number, "a character that is not plain ASCII"));
            }
          });
    }
    return findings;
  }

  /// None of the banned words.
  static List<Finding> words(TextFile file) {
    List<Finding> findings = new ArrayList<>();
    for (BannedWord banned : BANNED) {
      if (!banned.files.test(file)) {
        continue;
      }
      forEachLine(
          file,
          (number, line) -> {
            Matcher found = banned.pattern.matcher(line);
            if (found.find()) {
              findings.add(
                  new Finding("words", file.path(), number, found.group() + ": " + banned.reason));
            }
          });
    }
    return findings;
  }

  /// A Markdown file has one title.
  static List<Finding> oneTitle(TextFile file) {
    if (!file.hasExtension("md")) {
      return List.of();
    }
    long titles = prose(file).stream().filter(line -> line.startsWith("# ")).count();
    return titles == 1
        ? List.of()
        : List.of(new Finding("title", file.path(), 0, titles + " titles, must be 1"));
  }

  /// Links from a Markdown file to files of the project lead somewhere.
  ///
  /// @param exists whether a path from the project's top exists
  static List<Finding> links(TextFile file, Predicate<String> exists) {
    List<Finding> findings = new ArrayList<>();
    if (!file.hasExtension("md")) {
      return findings;
    }
    int slash = file.path().lastIndexOf('/');
    String directory = file.path().substring(0, slash + 1);
    List<String> lines = prose(file);
    for (int i = 0; i < lines.size(); i++) {
      for (Matcher link = LINK.matcher(lines.get(i)); link.find(); ) {
        String target = link.group(1).replaceFirst("#.*", "");
        if (!REMOTE.matcher(link.group(1)).matches() && !exists.test(directory + target)) {
          findings.add(new Finding("links", file.path(), i + 1, target + " does not exist"));
        }
      }
    }
    return findings;
  }

  /// The lines of a Markdown file with code blanked out.
  private static List<String> prose(TextFile file) {
    List<String> lines = new ArrayList<>();
    boolean code = false;
    for (String line : file.lines()) {
      boolean fence = line.strip().startsWith("```");
      lines.add(code || fence ? "" : line.replaceAll("`[^`]*`", ""));
      code ^= fence;
    }
    return lines;
  }

  private static boolean isCode(TextFile file) {
    return file.hasExtension("java") || file.isScript();
  }

  private interface LineUse {
    void accept(int number, String line);
  }

  private static void forEachLine(TextFile file, LineUse use) {
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      use.accept(i + 1, lines.get(i));
    }
  }
}
