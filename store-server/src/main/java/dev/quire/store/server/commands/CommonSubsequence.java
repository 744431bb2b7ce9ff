package dev.quire.store.server.commands;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import java.util.ArrayList;
import java.util.List;

/// The longest common subsequence of two values, by the table of all pairs of beginnings.
final class CommonSubsequence {

  /// The table has this many numbers at most.
  private static final long MAX_CELLS = 64 << 20;

  /// A run of bytes that both have.
  private record Match(int fromA, int toA, int fromB, int toB) {
    int length() {
      return toA - fromA + 1;
    }
  }

  private final byte[] a;
  private final byte[] b;
  private final int[] lengths;

  private CommonSubsequence(byte[] a, byte[] b) {
    if ((a.length + 1L) * (b.length + 1L) > MAX_CELLS) {
      throw new Refusal("ERR Insufficient memory, transient memory for LCS exceeds the limit");
    }
    this.a = a;
    this.b = b;
    this.lengths = new int[(a.length + 1) * (b.length + 1)];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        lengths[at(i, j)] =
            a[i - 1] == b[j - 1]
                ? lengths[at(i - 1, j - 1)] + 1
                : Math.max(lengths[at(i - 1, j)], lengths[at(i, j - 1)]);
      }
    }
  }

  private int at(int i, int j) {
    return i * (b.length + 1) + j;
  }

  static void run(Call call) {
    boolean index = false;
    boolean length = false;
    boolean withLengths = false;
    long least = 0;
    for (int i = 3; i < call.count(); i++) {
      switch (call.option(i)) {
        case "idx" -> index = true;
        case "len" -> length = true;
        case "withmatchlen" -> withLengths = true;
        case "minmatchlen" -> {
          if (++i == call.count()) {
            throw Refusal.syntax();
          }
          least = Math.max(0, call.number(i));
        }
        default -> throw Refusal.syntax();
      }
    }
    if (index && length) {
      throw new Refusal("ERR If you want both the length and indexes, please just use IDX.");
    }
    byte[] a = call.table().get(call.word(1));
    byte[] b = call.table().get(call.word(2));
    call.looked(call.word(1), a != null);
    call.looked(call.word(2), b != null);
    CommonSubsequence found =
        new CommonSubsequence(a == null ? new byte[0] : a, b == null ? new byte[0] : b);
    int total = found.lengths[found.at(found.a.length, found.b.length)];
    if (index) {
      found.matches(call.out(), total, least, withLengths);
    } else if (length) {
      call.out().number(total);
    } else {
      call.out().bulk(found.text(total));
    }
  }

  private byte[] text(int total) {
    byte[] text = new byte[total];
    int i = a.length;
    int j = b.length;
    int left = total;
    while (left > 0) {
      if (a[i - 1] == b[j - 1]) {
        text[--left] = a[i - 1];
        i--;
        j--;
      } else if (lengths[at(i - 1, j)] > lengths[at(i, j - 1)]) {
        i--;
      } else {
        j--;
      }
    }
    return text;
  }

  private List<Match> allMatches() {
    List<Match> matches = new ArrayList<>();
    int i = a.length;
    int j = b.length;
    while (i > 0 && j > 0) {
      if (a[i - 1] == b[j - 1]) {
        int endA = i;
        int endB = j;
        while (i > 0 && j > 0 && a[i - 1] == b[j - 1]) {
          i--;
          j--;
        }
        matches.add(new Match(i, endA - 1, j, endB - 1));
      } else if (lengths[at(i - 1, j)] > lengths[at(i, j - 1)]) {
        i--;
      } else {
        j--;
      }
    }
    return matches;
  }

  private void matches(Reply out, int total, long least, boolean withLengths) {
    List<Match> matches = allMatches();
    matches.removeIf(match -> match.length() < least);
    out.map(2);
    out.text("matches");
    out.array(matches.size());
    for (Match match : matches) {
      out.array(withLengths ? 3 : 2);
      out.array(2);
      out.number(match.fromA);
      out.number(match.toA);
      out.array(2);
      out.number(match.fromB);
      out.number(match.toB);
      if (withLengths) {
        out.number(match.length());
      }
    }
    out.text("len");
    out.number(total);
  }
}
