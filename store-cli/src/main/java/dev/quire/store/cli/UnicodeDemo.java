package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.CheckReport;
import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.StoreStats;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The demo: a durable store with the name of each character, and an index of the words in the
/// names.
///
/// | table | key                                   | value                     |
/// |-------|---------------------------------------|---------------------------|
/// | names | code point, a number                  | the character's name      |
/// | words | a word, a space, the code point as six hexadecimal digits | the character |
final class UnicodeDemo {

  private static final int CHARACTERS_PER_TXN = 4_000;
  private static final int RANDOM_GETS = 200_000;
  private static final int SNOWMAN = 0x2603;
  private static final String NAMES = "names";
  private static final String WORDS = "words";

  private final Path path;
  private final Output output;
  private int characters;
  private long entries;
  private int transactions;

  UnicodeDemo(Path path, Output output) {
    this.path = path;
    this.output = output;
  }

  /// Runs the demo; says whether the store was clean at its end.
  boolean run() {
    try (Store store = Store.open(path)) {
      say("store", path + ", durable: a commit returns when it is on the disk");
      store.table(NAMES, TableOptions.defaults().withIntegerKeys(true));
      load(store);
      readByKey(store.table(NAMES));
      readByPrefix(store.table(WORDS));
      readByRange(store.table(NAMES));
      scan(store.table(WORDS));
      compareSnapshots(store);
    }
    return reopen();
  }

  // -- writing ------------------------------------------------------------------------------------

  private void load(Store store) {
    long start = System.nanoTime();
    int next = Character.MIN_CODE_POINT;
    while (next <= Character.MAX_CODE_POINT) {
      try (WriteTxn txn = store.beginWrite()) {
        next = loadSome(txn, next);
        txn.commit();
        transactions++;
      }
    }
    long nanos = System.nanoTime() - start;
    StoreStats stats = store.stats();
    say(
        "load",
        Amounts.count(characters)
            + " named characters, "
            + Amounts.count(entries)
            + " entries in "
            + Amounts.count(transactions)
            + " transactions: "
            + Amounts.seconds(nanos)
            + ", "
            + Amounts.rate(entries, nanos));
    say(
        "size",
        Amounts.bytes(stats.fileSizeBytes())
            + " file, "
            + Amounts.bytes(stats.livePages() * stats.pageSizeBytes())
            + " of it in use, "
            + Amounts.count(stats.syncs())
            + " syncs");
  }

  /// Loads the next characters; returns the code point to go on with.
  private int loadSome(WriteTxn txn, int first) {
    Table names = txn.table(NAMES);
    Table words = txn.table(WORDS);
    int codePoint = first;
    int loaded = 0;
    while (loaded < CHARACTERS_PER_TXN && codePoint <= Character.MAX_CODE_POINT) {
      String name = nameOf(codePoint);
      if (name != null) {
        names.append(codePoint, name.getBytes(UTF_8));
        entries += 1 + index(words, codePoint, name);
        loaded++;
      }
      codePoint++;
    }
    characters += loaded;
    return codePoint;
  }

  /// The character's own name; null for what has none: private, unpaired and unassigned code
  /// points.
  private static @Nullable String nameOf(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.PRIVATE_USE, Character.SURROGATE, Character.UNASSIGNED -> null;
      default -> Character.getName(codePoint);
    };
  }

  private static int index(Table words, int codePoint, String name) {
    byte[] character = Character.toString(codePoint).getBytes(UTF_8);
    String place = String.format(Locale.ROOT, " %06X", codePoint);
    int added = 0;
    for (String word : name.split(" ", -1)) {
      added += words.put((word + place).getBytes(UTF_8), character) ? 1 : 0;
    }
    return added;
  }

  // -- reading ------------------------------------------------------------------------------------

  private void readByKey(Table names) {
    say("get", "by key, from table " + NAMES);
    for (int codePoint : new int[] {'Q', 0x20AC, SNOWMAN, 0x1F600}) {
      show(codePoint, text(names.get(codePoint)));
    }
    Random random = new Random(1);
    byte[] target = new byte[128];
    int found = 0;
    long start = System.nanoTime();
    for (int i = 0; i < RANDOM_GETS; i++) {
      found += names.getInto(random.nextInt(0x30000), target) >= 0 ? 1 : 0;
    }
    long nanos = System.nanoTime() - start;
    String hits = Amounts.count(found) + " of " + Amounts.count(RANDOM_GETS) + " random keys found";
    say("", hits + ", " + Amounts.rate(RANDOM_GETS, nanos) + ", each a snapshot of its own");
  }

  private void readByPrefix(Table words) {
    KeyRange range = KeyRange.prefix("SNOWMAN ".getBytes(UTF_8));
    say("prefix", "the word SNOWMAN, from table " + WORDS);
    try (Cursor cursor = words.cursor(range)) {
      while (cursor.next()) {
        String key = text(cursor.key());
        int codePoint = Integer.parseInt(key.substring(key.indexOf(' ') + 1), 16);
        show(codePoint, String.valueOf(Character.getName(codePoint)));
      }
    }
  }

  private void readByRange(Table names) {
    say("range", "U+2190 to U+2193, backwards");
    KeyRange range =
        KeyRange.between(Keys.ofLong(0x2190), true, Keys.ofLong(0x2193), true).reversed();
    try (Cursor cursor = names.cursor(range)) {
      while (cursor.next()) {
        show((int) cursor.longKey(), text(cursor.valueBytes()));
      }
    }
  }

  private void scan(Table words) {
    long start = System.nanoTime();
    long seen = 0;
    long bytes = 0;
    byte[] key = new byte[256];
    try (Cursor cursor = words.cursor()) {
      while (cursor.next()) {
        bytes += cursor.keyInto(key) + cursor.valueLength();
        seen++;
      }
    }
    long nanos = System.nanoTime() - start;
    String all = Amounts.count(seen) + " entries, " + Amounts.bytes(bytes);
    say("scan", "all of " + WORDS + ": " + all + ", " + Amounts.rate(seen, nanos));
  }

  private void compareSnapshots(Store store) {
    say("snapshots", "one taken before a change, one after it, open side by side");
    try (ReadTxn older = store.beginRead()) {
      store.write(
          txn -> {
            txn.table(NAMES)
                .put(SNOWMAN, "SNOWMAN, RENAMED IN A LATER TRANSACTION".getBytes(UTF_8));
            txn.table(WORDS).deleteRange(KeyRange.prefix("SNOWMAN ".getBytes(UTF_8)));
          });
      try (ReadTxn newer = store.beginRead()) {
        showSnapshot("older", older);
        showSnapshot("newer", newer);
      }
    }
  }

  private void showSnapshot(String which, ReadTxn txn) {
    long snowmen = 0;
    try (Cursor cursor = txn.table(WORDS).cursor(KeyRange.prefix("SNOWMAN ".getBytes(UTF_8)))) {
      while (cursor.next()) {
        snowmen++;
      }
    }
    String name = text(txn.table(NAMES).get(SNOWMAN));
    detail(which + ", transaction " + txn.id() + ": " + name + "; indexed " + snowmen + " times");
  }

  private boolean reopen() {
    long start = System.nanoTime();
    try (Store store = Store.open(path)) {
      long count = store.table(NAMES).count() + store.table(WORDS).count();
      say(
          "reopen",
          Amounts.count(count) + " entries, " + Amounts.seconds(System.nanoTime() - start));
      long checked = System.nanoTime();
      CheckReport report = store.check();
      long nanos = System.nanoTime() - checked;
      long pages = 0;
      for (long kind : report.pages().values()) {
        pages += kind;
      }
      String verdict = report.isClean() ? output.green("clean") : output.red("damaged");
      say("check", verdict + ", " + Amounts.count(pages) + " pages in " + Amounts.seconds(nanos));
      report.violations().forEach(violation -> detail(violation.toString()));
      return report.isClean();
    }
  }

  /// Says what to type next.
  void sayHowToGoOn(boolean kept) {
    String store = Escapes.word(kept ? path.toString() : "unicode.quire");
    output.line("");
    output.line(kept ? "The store is still there. Go on with:" : "Go on with:");
    if (!kept) {
      output.line("  ./quire demo --keep " + store);
    }
    output.line("  ./quire get " + store + " names U+1F600");
    output.line("  ./quire scan " + store + " words --prefix \"ARROW \" --limit 10");
    output.line("  ./quire stat " + store);
    output.line("and with the tutorial in README.md.");
  }

  // -- printing -----------------------------------------------------------------------------------

  private void say(String step, String text) {
    output.line(output.bold(String.format(Locale.ROOT, "%-10s", step)) + " " + text);
    output.flush();
  }

  private void detail(String text) {
    output.line("           " + text);
  }

  private void show(int codePoint, String name) {
    detail(
        String.format(
            Locale.ROOT, "U+%04X  %s  %s", codePoint, Character.toString(codePoint), name));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "(absent)" : new String(bytes, UTF_8);
  }
}
