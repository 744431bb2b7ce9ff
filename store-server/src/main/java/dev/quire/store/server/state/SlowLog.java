package dev.quire.store.server.state;

import dev.quire.store.server.table.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The last commands that took long.
public final class SlowLog {

  private static final int MAX_WORDS = 32;
  private static final int MAX_WORD_BYTES = 128;

  /// A command that took long.
  ///
  /// @param id number of the entry
  /// @param seconds when it began, in seconds since 1970
  /// @param micros how long it took
  /// @param words the request, cut
  /// @param peer the client's address
  /// @param name the client's name
  public record Entry(
      long id, long seconds, long micros, List<byte[]> words, String peer, String name) {}

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long nextId;

  /// Notes a command.
  public void add(Session session, Command command, byte[][] words, long micros, long limit) {
    List<byte[]> cut = new ArrayList<>();
    List<byte[]> shown = Redaction.shown(command, words);
    for (int i = 0; i < shown.size(); i++) {
      if (i == MAX_WORDS - 1 && shown.size() > MAX_WORDS) {
        cut.add(Name.of("... (" + (shown.size() - MAX_WORDS + 1) + " more arguments)").bytes());
        break;
      }
      cut.add(cut(shown.get(i)));
    }
    entries.addFirst(
        new Entry(
            nextId++,
            System.currentTimeMillis() / 1000,
            micros,
            cut,
            session.outlet.peer(),
            session.name));
    trim(limit);
  }

  private static byte[] cut(byte[] word) {
    if (word.length <= MAX_WORD_BYTES) {
      return word;
    }
    byte[] note = Name.of("... (" + (word.length - MAX_WORD_BYTES) + " more bytes)").bytes();
    byte[] cut = java.util.Arrays.copyOf(word, MAX_WORD_BYTES + note.length);
    System.arraycopy(note, 0, cut, MAX_WORD_BYTES, note.length);
    return cut;
  }

  /// Forgets the oldest entries.
  public void trim(long limit) {
    while (entries.size() > limit) {
      entries.removeLast();
    }
  }

  /// The newest entries; all of them if the count is negative.
  public List<Entry> newest(long count) {
    List<Entry> newest = new ArrayList<>();
    for (Entry entry : entries) {
      if (count >= 0 && newest.size() >= count) {
        break;
      }
      newest.add(entry);
    }
    return newest;
  }

  /// Number of entries.
  public int size() {
    return entries.size();
  }

  /// Forgets all.
  public void clear() {
    entries.clear();
  }
}
